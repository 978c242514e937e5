import Tensors

/// What a training loss sees of φ, and what the tangents of a training gradient stand for.
public struct LossHyperparameters {
  /// What the tangents of θ are, and so what is wanted.
  public enum Role {
    /// Forward mode: θ's tangent k is a column Z_k; the gradient's is H Z_k + (∂g/∂φ) φ̇_k, where φ̇_k
    /// is one in the loss's own hyperparameter named here, or 0 where the column is another's.
    case columns([Int?])
    /// Reverse mode: θ's tangent k is an adjoint b_k; the gradient's is (∂g/∂θ)ᵀ b_k, and row k of
    /// the buffer, `[K, count]`, becomes (∂g/∂φ)ᵀ b_k. Adjoints from number `active` on are zero, and
    /// so is what comes of them.
    case adjoints(into: Buffer<Double>, active: Int)
  }

  /// φ of the loss, `[lossHyperparameterCount]`.
  public var values: [Double]
  /// What the tangents are.
  public var role: Role

  /// The loss's part of φ.
  public init(_ values: [Double], _ role: Role) {
    self.values = values
    self.role = role
  }
}

extension LossHyperparameters {
  /// The loss's own hyperparameter that tangent k differentiates with respect to.
  public func column(_ k: Int) -> Int? {
    if case .columns(let columns) = role { columns[k] } else { nil }
  }

  /// Where the adjoints of φ go, in reverse mode.
  public var adjoints: Buffer<Double>? {
    if case .adjoints(let buffer, _) = role { buffer } else { nil }
  }

  /// How many of `count` tangents there is work for.
  public func activeCount(of count: Int) -> Int {
    if case .adjoints(_, let active) = role { active } else { count }
  }
}
