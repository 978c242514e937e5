import DynamicModes

/// Estimates the limit of a window's trajectory of local hypergradients, for the method `glocal`.
///
/// Called on the root rank only.
public protocol LimitEstimation {
  /// Every estimator's estimate and the one to use.
  ///
  /// - Parameters:
  ///   - trajectory: h_t in row t, `[steps, count]` row-major, all finite.
  ///   - steps: σ, at least 1.
  ///   - count: q.
  ///   - requested: the estimator to use if its estimate is trusted.
  ///   - horizon: the number of inner steps after the window's end.
  func limit(
    of trajectory: [Double], steps: Int, count: Int, requested: Estimator, horizon: Int
  ) -> LimitEstimate
}

/// The estimated limit of a trajectory.
public struct LimitEstimate: Equatable, Sendable {
  /// The estimates, `[q]` each, including those that were not trusted.
  public var estimates: [Estimator: [Double]]
  /// The estimator to use: a key of `estimates`.
  public var used: Estimator
  /// A sentence saying why `used` is not the requested estimator; nil if it is.
  public var fallback: String?
  /// The modes of the trajectory, if they were computed.
  public var modes: Spectrum?

  /// Creates an estimate.
  public init(
    estimates: [Estimator: [Double]], used: Estimator, fallback: String? = nil,
    modes: Spectrum? = nil
  ) {
    self.estimates = estimates
    self.used = used
    self.fallback = fallback
    self.modes = modes
  }
}

/// The estimators `last` and `tail-mean`, which need no modes.
public struct TailEstimation: LimitEstimation {
  /// m, the number of hypergradients averaged.
  public var tail: Int

  /// Creates an estimation from the last m hypergradients, m at least 1.
  public init(tail: Int) {
    precondition(tail >= 1, "a mean of \(tail) hypergradients")
    self.tail = tail
  }

  /// Both estimates; any other request falls back to the mean and says why.
  public func limit(
    of trajectory: [Double], steps: Int, count: Int, requested: Estimator, horizon: Int
  ) -> LimitEstimate {
    precondition(
      trajectory.count == steps * count && steps >= 1,
      "\(trajectory.count) numbers for \(steps) steps of \(count)")
    let rows = max(0, steps - tail)..<steps
    let mean = (0..<count).map { j in
      rows.reduce(0) { $0 + trajectory[$1 * count + j] } / Double(rows.count)
    }
    let known: [Estimator: [Double]] = [
      .last: Array(trajectory[((steps - 1) * count)...]), .tailMean: mean,
    ]
    guard known[requested] == nil else { return LimitEstimate(estimates: known, used: requested) }
    return LimitEstimate(
      estimates: known, used: .tailMean,
      fallback: "\(requested.rawValue) needs modes, which are not computed here.")
  }
}
