/// How much of a trajectory is kept for the way back.
///
/// Everything, where it fits; else a state every k ≈ √n steps, from which the steps between are
/// trained again, segment by segment, when the way back reaches them (Griewank 1992).
public struct TrajectoryPlan: Equatable, Sendable {
  /// n, the steps of the trajectory.
  public let steps: Int
  /// k, the steps that are kept at the same time; n when everything is.
  public let segment: Int
  /// Bytes of a state: θ and what the optimizer remembers.
  public let stateBytes: Int
  /// Bytes of what is kept of a step.
  public let stepBytes: Int

  /// A plan within `limit` bytes, or the smallest there is when none fits.
  ///
  /// - Parameters:
  ///   - steps: n, at least 1.
  ///   - stateBytes: of a state.
  ///   - stepBytes: of what is kept of a step, at least `stateBytes`.
  ///   - limit: the bytes that a rank may keep.
  public init(steps: Int, stateBytes: Int, stepBytes: Int, limit: Int) {
    precondition(steps >= 1, "a trajectory of \(steps) steps")
    self.steps = steps
    self.stateBytes = stateBytes
    self.stepBytes = stepBytes
    // In Double: no number of steps may leave its type.
    guard Double(steps) * Double(stepBytes) + Double(stateBytes) > Double(limit) else {
      segment = steps
      return
    }
    // n/k states and k steps take least where both sums are equal.
    let best = (Double(steps) * Double(stateBytes) / Double(stepBytes)).squareRoot()
    segment = min(steps, max(1, Int(best.rounded(.up))))
  }

  /// The plan for a model and an optimizer.
  ///
  /// - Parameters:
  ///   - steps: n, at least 1.
  ///   - parameterCount: p.
  ///   - optimizer: what a state and a step consist of.
  ///   - numberSize: bytes of a number.
  ///   - limit: the bytes that a rank may keep.
  public init(
    steps: Int, parameterCount: Int, optimizer: any InnerOptimizer, numberSize: Int, limit: Int
  ) {
    let vector = parameterCount * numberSize
    let state = (1 + optimizer.stateCount) * vector
    self.init(
      steps: steps, stateBytes: state,
      stepBytes: state + (optimizer.pullbackNeedsGradient ? vector : 0), limit: limit)
  }

  /// Whether steps are trained twice.
  public var recomputes: Bool { segment < steps }

  /// How many segments there are.
  public var segmentCount: Int { (steps + segment - 1) / segment }

  /// What the plan takes; more than any machine has where it cannot be counted.
  public var bytes: Int {
    Self.product(segment, stepBytes) + stateBytes
      + (recomputes ? Self.product(segmentCount, stateBytes) : 0)
  }

  private static func product(_ count: Int, _ bytes: Int) -> Int {
    let (product, overflow) = count.multipliedReportingOverflow(by: bytes)
    return overflow ? Int.max / 4 : min(product, Int.max / 4)
  }
}
