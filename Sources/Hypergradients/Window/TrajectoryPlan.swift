/// How much of a trajectory is kept for the backward pass.
///
/// All of it, if it fits; otherwise a checkpoint every k ≈ √n steps, from which the steps between
/// are recomputed, segment by segment, when the backward pass reaches them (Griewank 1992).
public struct TrajectoryPlan: Equatable, Sendable {
  /// n, the number of steps in the trajectory.
  public let steps: Int
  /// k, the number of steps kept at the same time; n if all are kept.
  public let segment: Int
  /// Bytes per state: θ and the optimizer's state.
  public let stateBytes: Int
  /// Bytes recorded per step.
  public let stepBytes: Int

  /// The plan that fits in `limit` bytes, or the smallest one if none fits.
  ///
  /// - Parameters:
  ///   - steps: n, at least 1.
  ///   - stateBytes: bytes per state.
  ///   - stepBytes: bytes recorded per step, at least `stateBytes`.
  ///   - limit: the maximum bytes per rank.
  public init(steps: Int, stateBytes: Int, stepBytes: Int, limit: Int) {
    precondition(steps >= 1, "a trajectory of \(steps) steps")
    self.steps = steps
    self.stateBytes = stateBytes
    self.stepBytes = stepBytes
    // Computed in Double, which cannot overflow for any number of steps.
    guard Double(steps) * Double(stepBytes) + Double(stateBytes) > Double(limit) else {
      segment = steps
      return
    }
    // n/k states and k steps take the least memory when both terms are equal.
    let best = (Double(steps) * Double(stateBytes) / Double(stepBytes)).squareRoot()
    segment = min(steps, max(1, Int(best.rounded(.up))))
  }

  /// The plan for a model and an optimizer.
  ///
  /// - Parameters:
  ///   - steps: n, at least 1.
  ///   - parameterCount: p.
  ///   - optimizer: determines what a state and a step consist of.
  ///   - numberSize: bytes per element.
  ///   - limit: the maximum bytes per rank.
  public init(
    steps: Int, parameterCount: Int, optimizer: any InnerOptimizer, numberSize: Int, limit: Int
  ) {
    let vector = parameterCount * numberSize
    let state = (1 + optimizer.stateCount) * vector
    self.init(
      steps: steps, stateBytes: state,
      stepBytes: state + (optimizer.pullbackNeedsGradient ? vector : 0), limit: limit)
  }

  /// Whether steps are recomputed.
  public var recomputes: Bool { segment < steps }

  /// The number of segments.
  public var segmentCount: Int { (steps + segment - 1) / segment }

  /// The plan's memory in bytes; saturates instead of overflowing.
  public var bytes: Int {
    Self.product(segment, stepBytes) + stateBytes
      + (recomputes ? Self.product(segmentCount, stateBytes) : 0)
  }

  private static func product(_ count: Int, _ bytes: Int) -> Int {
    let (product, overflow) = count.multipliedReportingOverflow(by: bytes)
    return overflow ? Int.max / 4 : min(product, Int.max / 4)
  }
}
