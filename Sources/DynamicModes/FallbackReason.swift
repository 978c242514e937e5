/// Why an estimator's estimate is missing or not trusted: a numerical outcome, never an error.
///
/// `description` is a sentence for people, `name` a keyword for logs.
public enum FallbackReason: Equatable, Sendable {
  /// A hypergradient is NaN or infinite; `step` counts from 0 within the trajectory.
  case trajectoryNotFinite(step: Int)
  /// The trajectory is shorter than the estimator needs.
  case tooFewSteps(observed: Int, needed: Int)
  /// Every hypergradient is zero, or no singular value exceeds the noise.
  case rankZero
  /// No |λ| is within the tolerance of 1; `closest` is the modulus nearest to 1.
  case noModeNearUnitCircle(closest: Double, tolerance: Double)
  /// The eigenvectors of the reduced operator are nearly linearly dependent.
  case illConditionedEigenbasis(condition: Double, limit: Double)
  /// The fitted affine map has λ ≈ 1: a drift without a fixed point.
  case noFixedPoint(condition: Double, limit: Double)
  /// The fitted affine map moves away from its fixed point, which is therefore not a limit.
  case repellingFixedPoint(radius: Double)
  /// The estimate itself is NaN or infinite.
  case estimateNotFinite
  /// The estimate is farther from the tail mean than the cap allows; both in units of the largest
  /// ‖h_t‖.
  case beyondCap(distance: Double, cap: Double)
  /// A LAPACK routine failed.
  case factorizationFailed(routine: String, info: Int)

  /// A short name for logs, in kebab case.
  public var name: String {
    switch self {
    case .trajectoryNotFinite: "trajectory-not-finite"
    case .tooFewSteps: "too-few-steps"
    case .rankZero: "rank-zero"
    case .noModeNearUnitCircle: "no-mode-near-unit-circle"
    case .illConditionedEigenbasis: "ill-conditioned-eigenbasis"
    case .noFixedPoint: "no-fixed-point"
    case .repellingFixedPoint: "repelling-fixed-point"
    case .estimateNotFinite: "estimate-not-finite"
    case .beyondCap: "beyond-cap"
    case .factorizationFailed: "factorization-failed"
    }
  }

  init(_ error: FactorizationError) {
    self = .factorizationFailed(routine: error.routine, info: error.info)
  }
}

extension FallbackReason: CustomStringConvertible {
  /// A one-sentence explanation.
  public var description: String {
    switch self {
    case .trajectoryNotFinite(let step):
      "The local hypergradient observed at position \(step) is not finite."
    case .tooFewSteps(let observed, let needed):
      "Only \(observed) steps were observed and \(needed) are needed."
    case .rankZero:
      "The trajectory is zero, or nothing in it stands above the noise."
    case .noModeNearUnitCircle(let closest, let tolerance):
      "No mode lies near the unit circle: the closest has |λ| = \(rounded(closest)), "
        + "and the tolerance is \(tolerance)."
    case .illConditionedEigenbasis(let condition, let limit):
      "The eigenbasis is ill-conditioned: \(rounded(condition)), and the limit is "
        + "\(rounded(limit))."
    case .noFixedPoint(let condition, let limit):
      "The affine map drifts and has no fixed point: I − A is conditioned \(rounded(condition)), "
        + "and the limit is \(rounded(limit))."
    case .repellingFixedPoint(let radius):
      "The affine map moves away from its fixed point: its spectral radius is \(rounded(radius))."
    case .estimateNotFinite:
      "The estimate is not finite."
    case .beyondCap(let distance, let cap):
      "The estimate lies \(rounded(distance)) times the largest hypergradient away from the tail "
        + "mean, and the cap is \(rounded(cap))."
    case .factorizationFailed(let routine, let info):
      "LAPACK's \(routine) did not succeed (info \(info))."
    }
  }

  /// Rounds to four significant digits: precise enough to judge by, and readable in a log.
  private func rounded(_ value: Double) -> String {
    guard value.isFinite, value != 0, abs(value) < 1e15, abs(value) >= 1e-4 else {
      return "\(value)"
    }
    var unit = 1.0
    while abs(value) / unit >= 1e4 { unit *= 10 }
    while abs(value) / unit < 1e3 { unit /= 10 }
    let digits = (value / unit).rounded()
    return "\(unit >= 1 ? digits * unit : digits / (1 / unit).rounded())"
  }
}
