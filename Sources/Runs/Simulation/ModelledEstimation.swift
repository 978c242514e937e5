import DynamicModes
import Foundation
import Hypergradients
import MessagePassing

/// Estimation of the limit on a simulated machine: the real computation on a made-up trajectory,
/// taking as long as it takes here.
final class ModelledEstimation: LimitEstimation {
  /// The seconds that the root spent on it.
  private(set) var busy = 0.0
  private let real: HankelEstimation
  private let clock = ContinuousClock()

  init(_ real: HankelEstimation) { self.real = real }

  func limit(
    of trajectory: [Double], steps: Int, count: Int, requested: Estimator, horizon: Int
  ) -> LimitEstimate {
    // Two decaying modes with different rates in every column.
    let decaying = (0..<steps * count).map { place in
      let (t, j) = (Double(place / count), Double(place % count))
      return sin(j) + cos(3 * j) * pow(0.8, t) + sin(7 * j) * pow(0.5, t)
    }
    // The fastest of several: the first call loads LAPACK, and a busy machine interrupts.
    let seconds =
      (0..<5).map { _ in
        let start = clock.now
        _ = real.limit(
          of: decaying, steps: steps, count: count, requested: requested, horizon: horizon)
        return (clock.now - start).inSeconds
      }.min() ?? 0
    SimulatedMachine.work(seconds)
    busy += seconds
    return TailEstimation(tail: 1).limit(
      of: trajectory, steps: steps, count: count, requested: .last, horizon: horizon)
  }
}
