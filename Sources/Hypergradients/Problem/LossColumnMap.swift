/// From a hypergradient along some directions to that of the loss's hyperparameters.
///
/// Where ∂g/∂φ_j ≈ Σ_k B_kj ∂g/∂c_k for a few directions c, columns Z_k = dθ/dc_k serve any number of
/// hyperparameters: ∂θ/∂φ_j ≈ Σ_k B_kj Z_k and h_j ≈ Σ_k B_kj h_k.
public struct LossColumnMap {
  private let transposed: ([Double]) -> [Double]

  /// A map.
  ///
  /// - Parameter transposed: h ↦ Bᵀ h, from `[columns]` to `[hyperparameters]`.
  public init(_ transposed: @escaping (_ hypergradient: [Double]) -> [Double]) {
    self.transposed = transposed
  }

  /// Bᵀ h for the loss's part of a hypergradient; the optimizer's hyperparameters, which come first, have
  /// columns of their own.
  ///
  /// - Parameters:
  ///   - hypergradient: `[own + columns]`.
  ///   - own: how many columns are the optimizer's.
  public func callAsFunction(_ hypergradient: [Double], own: Int) -> [Double] {
    Array(hypergradient[..<own]) + transposed(Array(hypergradient[own...]))
  }
}
