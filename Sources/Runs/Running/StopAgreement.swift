import Hypergradients
import MessagePassing

/// Whether any rank has received a signal to stop, agreed on by all ranks at their safe points.
///
/// The ranks agree about five times per second: not at every safe point, but after as many of one
/// kind as took that long so far, the same number on all ranks. So it costs nothing when steps are
/// short, and when they are long the answer comes before the next one.
package final class StopAgreement {
  private struct Pace {
    /// The number of safe points between two agreements, and of those left until the next one.
    var interval = 1
    var left = 1
    var last: Double
  }

  private static let period = 0.2
  private static let mostPoints = 1000

  private let world: any Communicator
  private let received: () -> Bool
  private let seconds: () -> Double
  private var paces: [SafePoint: Pace] = [:]
  private var hasStopped = false

  /// Creates an agreement of all ranks.
  ///
  /// - Parameters:
  ///   - received: whether this rank has received a signal.
  ///   - seconds: a clock with any origin.
  package init(
    _ world: any Communicator, received: @escaping () -> Bool = { StopSignal.received != nil },
    seconds: @escaping () -> Double = StopAgreement.secondsSinceStart
  ) {
    self.world = world
    self.received = received
    self.seconds = seconds
  }

  private static let start = ContinuousClock.now

  private static func secondsSinceStart() -> Double { (ContinuousClock.now - start).inSeconds }

  /// Whether to stop at a safe point; a collective.
  ///
  /// Once true, it stays true.
  package func shouldStop(at point: SafePoint) -> Bool {
    if hasStopped { return true }
    var pace = paces[point] ?? Pace(last: seconds())
    defer { paces[point] = pace }
    pace.left -= 1
    guard pace.left == 0 else { return false }
    let now = seconds()
    var answers = [received() ? 1 : 0, now - pace.last]
    answers.withUnsafeMutableBufferPointer { world.allreduce($0, .maximum) }
    hasStopped = answers[0] > 0
    // If a kind of step becomes slower, its next agreement must not be far off: grow slowly.
    let points = Double(pace.interval) * Self.period / max(answers[1], 1e-6)
    pace.interval = Int(
      min(max(points, 1), Double(2 * pace.interval), Double(Self.mostPoints)))
    pace.left = pace.interval
    pace.last = now
    return hasStopped
  }
}
