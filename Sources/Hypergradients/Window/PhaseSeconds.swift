/// The time that a window spent in each phase on this rank, in seconds.
public struct PhaseSeconds: Equatable, Sendable {
  /// Inner steps, including all columns.
  public var training = 0.0
  /// Validation gradients and evaluations.
  public var validation = 0.0
  /// Estimation of the limit; 0 except on the root rank.
  public var estimation = 0.0
  /// Gathering, the outer update and broadcasting φ, including the wait for the root.
  public var update = 0.0

  /// Creates a record with zero in every phase.
  public init() {}

  /// Adds the seconds of each phase.
  public static func += (left: inout PhaseSeconds, right: PhaseSeconds) {
    left.training += right.training
    left.validation += right.validation
    left.estimation += right.estimation
    left.update += right.update
  }
}
