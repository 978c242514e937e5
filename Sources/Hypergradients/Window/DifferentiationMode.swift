/// How the local hypergradients of a window are computed.
public enum DifferentiationMode: String, CaseIterable, Sendable {
  /// Columns: Z = ∂θ/∂φ goes along with training, 1 + 2q passes over a minibatch per step.
  case forward
}
