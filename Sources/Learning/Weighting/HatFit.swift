/// Least squares in hats: min Σ_n s_n (f(ℓ_n) − Σ_k c_k ψ_k(ℓ_n))².
///
/// The normal matrix G = Σ s ψ ψᵀ of hats is tridiagonal.
struct HatFit {
  private var diagonal: [Double]
  /// G_{k, k+1}.
  private var beside: [Double]

  /// The normal matrix of some losses and what each counts.
  init(_ knots: LossKnots, losses: [Double], shares: [Double]) {
    diagonal = [Double](repeating: 0, count: knots.count)
    beside = [Double](repeating: 0, count: knots.count - 1)
    for (loss, share) in zip(losses, shares) where share > 0 {
      let place = knots.position(of: loss)
      let (a, b) = (1 - place.share, place.share)
      diagonal[place.left] += share * a * a
      diagonal[place.left + 1] += share * b * b
      beside[place.left] += share * a * b
    }
    // Two hats that met the same few losses cannot be told apart: without a ridge the rounding of
    // columns in single precision would come back multiplied. A part in a thousand of itself bends
    // nothing else. Where no loss was met a hat is worth nothing, and must not be divided by.
    let floor = 1e-10 * max(diagonal.max() ?? 0, .leastNormalMagnitude)
    for k in diagonal.indices { diagonal[k] += 1e-3 * diagonal[k] + floor }
  }

  /// G⁻¹ b; G is positive definite, so no pivots are needed.
  func solve(_ right: [Double]) -> [Double] {
    var (pivots, x) = (diagonal, right)
    for k in 1..<x.count {
      let factor = beside[k - 1] / pivots[k - 1]
      pivots[k] -= factor * beside[k - 1]
      x[k] -= factor * x[k - 1]
    }
    x[x.count - 1] /= pivots[x.count - 1]
    for k in (0..<x.count - 1).reversed() {
      x[k] = (x[k] - beside[k] * x[k + 1]) / pivots[k]
    }
    return x
  }
}
