/// How the local hypergradients of a window are computed.
public enum DifferentiationMode: String, CaseIterable, Sendable {
  /// Columns: Z = ∂θ/∂φ goes along with training, 1 + 2q passes over a minibatch per step.
  case forward
  /// Adjoints: training first, then back from every observed step; the number of hyperparameters
  /// costs nothing.
  case reverse
  /// Neither: from the training loss's curvature where training has come to. Of method `implicit`.
  case implicit

  /// Whether a rank has whole hypergradients, and not its entries of all of them.
  public var givesRows: Bool { self != .forward }

  /// What a window costs a rank, in passes over a minibatch: one gradient is 1, a tangent of it 2.
  ///
  ///     forward:  τ (1 + 2q)        reverse:  2τ + 2 Σ_{t in the last σ} t        implicit:  τ
  ///
  /// What the implicit one solves at a window's end comes on top: ``ImplicitSettings/passes``.
  ///
  /// - Parameters:
  ///   - steps: τ.
  ///   - observed: σ.
  ///   - count: q.
  ///   - groups: the column groups that share columns or adjoints; the busiest one counts.
  ///   - recomputes: whether the reverse mode trains a second time to save memory.
  public func passes(
    steps: Int, observed: Int, count: Int, groups: Int = 1, recomputes: Bool = false
  ) -> Double {
    switch self {
    case .forward:
      return Double(steps) * Double(1 + 2 * ((count + groups - 1) / groups))
    case .implicit: return Double(steps)
    case .reverse:
      // The group of the last step has the longest ways back.
      let own = stride(from: steps, to: steps - observed, by: -groups)
      let training = recomputes ? 3 * steps : 2 * steps
      return Double(training) + 2 * own.reduce(0.0) { $0 + Double($1) }
    }
  }
}
