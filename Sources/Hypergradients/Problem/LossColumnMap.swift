/// Maps a hypergradient along some directions to that of the loss's hyperparameters.
///
/// If ∂g/∂φ_j ≈ Σ_k B_kj ∂g/∂c_k for a few directions c, the columns Z_k = dθ/dc_k serve any number
/// of hyperparameters: ∂θ/∂φ_j ≈ Σ_k B_kj Z_k and h_j ≈ Σ_k B_kj h_k.
public struct LossColumnMap {
  private let transposed: ([Double]) -> [Double]

  /// Creates a map from its transpose.
  ///
  /// - Parameter transposed: h ↦ Bᵀ h, from `[columns]` to `[hyperparameters]`.
  public init(_ transposed: @escaping (_ hypergradient: [Double]) -> [Double]) {
    self.transposed = transposed
  }

  /// Applies Bᵀ to the loss's part of a hypergradient; the optimizer's hyperparameters come first
  /// and have their own columns.
  ///
  /// - Parameters:
  ///   - hypergradient: `[own + columns]`.
  ///   - own: the number of the optimizer's columns.
  public func callAsFunction(_ hypergradient: [Double], own: Int) -> [Double] {
    Array(hypergradient[..<own]) + transposed(Array(hypergradient[own...]))
  }
}
