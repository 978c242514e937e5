/// The seconds that a window spent in its phases, on this rank.
public struct PhaseSeconds: Equatable, Sendable {
  /// Inner steps, all columns included.
  public var training = 0.0
  /// Validation gradients and evaluations.
  public var validation = 0.0
  /// Estimation of the limit; 0 on all ranks but the root.
  public var estimation = 0.0
  /// Gathering, the outer update and sending φ, waiting for the root included.
  public var update = 0.0

  /// No time at all.
  public init() {}

  /// Adds the seconds of each phase.
  public static func += (left: inout PhaseSeconds, right: PhaseSeconds) {
    left.training += right.training
    left.validation += right.validation
    left.estimation += right.estimation
    left.update += right.update
  }
}
