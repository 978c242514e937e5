import Tensors

/// The part of φ that a training loss reads, and the meaning of the training gradient's tangents.
public struct LossHyperparameters {
  /// What the tangents of θ are and what to compute from them.
  public enum Role {
    /// Forward mode: θ's tangent k is a column Z_k; the gradient's is H Z_k + (∂g/∂φ) φ̇_k, where
    /// φ̇_k is 1 in the loss hyperparameter with this index, or 0 if the column is not the loss's
    /// (nil).
    case columns([Int?])
    /// Reverse mode: θ's tangent k is an adjoint b_k; the gradient's is (∂g/∂θ)ᵀ b_k, and row k of
    /// the buffer, `[K, count]`, is set to (∂g/∂φ)ᵀ b_k. Adjoints from index `active` on are zero,
    /// and so are their results.
    case adjoints(into: Buffer<Double>, active: Int)
  }

  /// φ of the loss, `[lossHyperparameterCount]`.
  public var values: [Double]
  /// The meaning of the tangents.
  public var role: Role

  /// Creates the loss's part of φ from its values and the tangents' role.
  public init(_ values: [Double], _ role: Role) {
    self.values = values
    self.role = role
  }
}

extension LossHyperparameters {
  /// The loss hyperparameter that tangent k differentiates with respect to, or nil.
  public func column(_ k: Int) -> Int? {
    if case .columns(let columns) = role { columns[k] } else { nil }
  }

  /// The buffer for the adjoints of φ in reverse mode; nil in forward mode.
  public var adjoints: Buffer<Double>? {
    if case .adjoints(let buffer, _) = role { buffer } else { nil }
  }

  /// How many of `count` tangents may be non-zero.
  public func activeCount(of count: Int) -> Int {
    if case .adjoints(_, let active) = role { active } else { count }
  }
}
