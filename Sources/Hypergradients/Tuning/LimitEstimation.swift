import DynamicModes

/// Reads the limit off a window's trajectory of local hypergradients; method `glocal`.
///
/// The root rank alone calls it.
public protocol LimitEstimation {
  /// Every estimator's answer, and the one to go by.
  ///
  /// - Parameters:
  ///   - trajectory: h_t in row t, `[steps, count]` row-major, all finite.
  ///   - steps: σ, at least 1.
  ///   - count: q.
  ///   - requested: whose answer is wanted.
  ///   - horizon: the inner steps that remain after the window's end.
  func limit(
    of trajectory: [Double], steps: Int, count: Int, requested: Estimator, horizon: Int
  ) -> LimitEstimate
}

/// What a trajectory says about its limit.
public struct LimitEstimate: Equatable, Sendable {
  /// The estimators' answers, `[q]` each, those also that were not trusted.
  public var estimates: [Estimator: [Double]]
  /// Whose answer to go by: an entry of `estimates`.
  public var used: Estimator
  /// A sentence that says why it is not the requested one's, or nil where it is.
  public var fallback: String?
  /// The modes of the trajectory, where they were computed.
  public var modes: Spectrum?

  /// An estimate.
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

/// `last` and `tail-mean` alone: what is known without modes.
public struct TailEstimation: LimitEstimation {
  /// m, the hypergradients in the mean.
  public var tail: Int

  /// An estimation by the last m hypergradients, at least 1.
  public init(tail: Int) {
    precondition(tail >= 1, "a mean of \(tail) hypergradients")
    self.tail = tail
  }

  /// The two answers; any other request falls back to the mean, with the reason.
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
