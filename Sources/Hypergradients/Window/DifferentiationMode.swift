/// How the local hypergradients of a window are computed.
public enum DifferentiationMode: String, CaseIterable, Sendable {
  /// Columns: Z = ∂θ/∂φ is propagated along with training, 1 + 2q passes over a minibatch per step.
  case forward
  /// Adjoints: training first, then a backward pass from every observed step; the cost does not
  /// depend on the number of hyperparameters.
  case reverse
  /// Implicit differentiation with the training loss's curvature at the window's end; method
  /// `implicit`.
  case implicit

  /// Whether a rank computes whole hypergradients rather than some entries of all of them.
  public var givesRows: Bool { self != .forward }

  /// The cost of a window per rank, in passes over a minibatch: one gradient is 1, a tangent of it
  /// 2.
  ///
  ///     forward:  τ (1 + 2q)        reverse:  2τ + 2 Σ_{t in the last σ} t        implicit:  τ
  ///
  /// The implicit mode's solve at a window's end is extra: ``ImplicitSettings/passes``.
  ///
  /// - Parameters:
  ///   - steps: τ.
  ///   - observed: σ.
  ///   - count: q.
  ///   - groups: the number of column groups that share columns or adjoints; the busiest one counts.
  ///   - recomputes: whether reverse mode trains a second time to save memory.
  public func passes(
    steps: Int, observed: Int, count: Int, groups: Int = 1, recomputes: Bool = false
  ) -> Double {
    switch self {
    case .forward:
      return Double(steps) * Double(1 + 2 * ((count + groups - 1) / groups))
    case .implicit: return Double(steps)
    case .reverse:
      // The group that owns the last step has the longest backward passes.
      let own = stride(from: steps, to: steps - observed, by: -groups)
      let training = recomputes ? 3 * steps : 2 * steps
      return Double(training) + 2 * own.reduce(0.0) { $0 + Double($1) }
    }
  }
}
