import Glibc
import Hypergradients

/// A minibatch's loss as a weighted mean of its examples' losses.
///
/// With weights w_n = w(ℓ_n; φ), the inner gradient is g = Σ_n c_n ∇ℓ_n, where
///
///     mean, attached         L = Σ w ℓ / B        c = (w + w′ ℓ)/B              (g = ∇L)
///     mean, detached                              c = w/B
///     normalised, attached   L = Σ w ℓ / Σ w      c = (w + w′ (ℓ − L))/Σ w      (g = ∇L)
///     normalised, detached                        c = w/Σ w
///
/// *Attached* reads the formula literally: θ moves the weights too. *Detached* sends no cotangent
/// through the weight into θ, as automatic differentiation does behind `detach`; the derivative of g
/// along a trajectory is exact in both (′ is d/dℓ).
public struct WeightedLoss: Sendable {
  /// Whether g counts that θ moves the weights.
  public enum Input: String, CaseIterable, Sendable {
    case attached, detached
  }

  /// What the weighted losses are divided by.
  public enum Reduction: String, CaseIterable, Sendable {
    /// The number of examples.
    case mean
    /// The sum of the weights.
    case normalised
  }

  /// The weights.
  public let weighting: any ExampleWeighting
  /// Attached or detached.
  public let input: Input
  /// Mean or normalised.
  public let reduction: Reduction
  /// The hats that stand for the weights' hyperparameters in forward mode; nil for a column each.
  ///
  /// Columns in function space (not from the paper): a weight network acts through a function of one
  /// number, so columns along a basis of that axis serve any number of parameters. A column is the
  /// influence of δc(ℓ) = ψ_k(ℓ) for the mean, and of δw(ℓ) = ψ_k(ℓ) for the normalised loss.
  public let basis: LossKnots?

  /// A weighted loss.
  ///
  /// - Precondition: weights that depend on more than the loss have no basis.
  public init(
    _ weighting: any ExampleWeighting, input: Input, reduction: Reduction,
    basis: LossKnots? = nil
  ) {
    precondition(
      basis == nil || weighting.isFunctionOfLoss,
      "columns in function space for weights that depend on more than the loss")
    self.weighting = weighting
    self.input = input
    self.reduction = reduction
    self.basis = basis
  }

  /// The columns of the forward mode.
  public var columnCount: Int { basis?.count ?? weighting.hyperparameterCount }

  /// Whether a hat stands for c itself instead of w.
  private var isOfCoefficients: Bool { input == .attached && reduction == .mean }

  /// ∂w and ∂w′ of an example along a column.
  private func tangent(
    _ examples: WeightedExamples, _ n: Int, along column: Int, hyperparameters: [Double]
  ) -> (value: Double, slope: Double) {
    guard let basis else {
      return weighting.tangent(examples, n, along: column, hyperparameters: hyperparameters)
    }
    let hat = basis.hat(column, at: examples.losses[n])
    return isOfCoefficients ? (hat.value, 0) : hat
  }

  /// How hypergradients along the hats become those of φ, for the losses that were met; nil without a
  /// basis.
  ///
  /// ∂w/∂φ (∂c/∂φ for the attached mean) is fitted by the hats, by least squares over the losses met,
  /// each with the share of the gradient that such an example has at most, 1 − e^(−ℓ), squared.
  public func columnMap(_ met: LossHistogram, hyperparameters: [Double]) -> LossColumnMap? {
    guard let basis else { return nil }
    return LossColumnMap { h in
      let met = met.met
      let losses = met.map(\.loss)
      let shares = met.map { loss, count in
        let share = -expm1(-loss)
        return count * share * share
      }
      let coefficients = HatFit(basis, losses: losses, shares: shares).solve(h)
      let examples = WeightedExamples(
        count: losses.count, internalCount: weighting.internalCount)
      for (n, loss) in losses.enumerated() { examples.losses[n] = loss }
      weighting.weigh(examples, 0..<losses.count, hyperparameters: hyperparameters)
      let alpha = losses.enumerated().map { n, loss in
        shares[n] * basis.sum(coefficients[...], at: loss).value
      }
      let beta = isOfCoefficients ? zip(alpha, losses).map { $0 * $1 } : alpha.map { _ in 0 }
      var result = [Double](repeating: 0, count: weighting.hyperparameterCount)
      result.withUnsafeMutableBufferPointer { result in
        alpha.withUnsafeBufferPointer { alpha in
          beta.withUnsafeBufferPointer { beta in
            guard let alpha = alpha.baseAddress, let beta = beta.baseAddress,
              let result = result.baseAddress
            else { return }
            weighting.pullback(
              examples, alpha: alpha, beta: beta, hyperparameters: hyperparameters, into: result)
          }
        }
      }
      return result
    }
  }

  /// What all examples of a minibatch share.
  public struct Totals: Equatable, Sendable {
    /// What weights are divided by: B or Σ w.
    public let divisor: Double
    /// L where c contains it, else 0.
    public let center: Double
    /// L.
    public let loss: Double

    /// Totals.
    public init(divisor: Double, center: Double, loss: Double) {
      self.divisor = divisor
      self.center = center
      self.loss = loss
    }
  }

  /// The totals of a minibatch whose weights are known.
  public func totals(_ examples: WeightedExamples) -> Totals {
    var (weights, products) = (0.0, 0.0)
    for n in 0..<examples.count {
      weights += examples.weights[n]
      products += examples.weights[n] * examples.losses[n]
    }
    guard reduction == .normalised else {
      return Totals(
        divisor: Double(examples.count), center: 0, loss: products / Double(examples.count))
    }
    let loss = products / weights
    return Totals(divisor: weights, center: input == .attached ? loss : 0, loss: loss)
  }

  /// c_n.
  public func coefficient(_ examples: WeightedExamples, _ n: Int, _ totals: Totals) -> Double {
    let weight = examples.weights[n]
    guard input == .attached else { return weight / totals.divisor }
    return (weight + examples.slopes[n] * (examples.losses[n] - totals.center)) / totals.divisor
  }

  /// ċ_n with the totals held fixed, for ℓ̇_n = `change` and φ̇ = e_j for j = `hyperparameter`.
  public func coefficientTangent(
    _ examples: WeightedExamples, _ n: Int, _ totals: Totals, change: Double,
    hyperparameter: Int?, hyperparameters: [Double]
  ) -> Double {
    let (slope, curvature) = (examples.slopes[n], examples.curvatures[n])
    let distance = examples.losses[n] - totals.center
    var result =
      input == .attached ? (2 * slope + curvature * distance) * change : slope * change
    if let hyperparameter {
      let tangent = tangent(
        examples, n, along: hyperparameter, hyperparameters: hyperparameters)
      result += tangent.value
      if input == .attached { result += tangent.slope * distance }
    }
    return result / totals.divisor
  }

  /// How the totals move along a tangent: ġ = Σ ċ ∇ℓ + c Hθ̇ − g `gradient` − (Σ w′ ∇ℓ) `slopes`.
  public struct Correction: Equatable, Sendable {
    /// Σ̇w / Σw.
    public let gradient: Double
    /// L̇ / Σw, where c contains L.
    public let slopes: Double
  }

  /// The correction along a column with ℓ̇ = `changes`, `[B]`, and φ̇ = e_j.
  public func correction(
    _ examples: WeightedExamples, _ totals: Totals, changes: UnsafePointer<Double>,
    hyperparameter: Int?, hyperparameters: [Double]
  ) -> Correction {
    var (weights, products) = (0.0, 0.0)
    for n in 0..<examples.count {
      var change = examples.slopes[n] * changes[n]
      if let hyperparameter {
        change +=
          tangent(examples, n, along: hyperparameter, hyperparameters: hyperparameters).value
      }
      weights += change
      products += change * examples.losses[n] + examples.weights[n] * changes[n]
    }
    return Correction(
      gradient: weights / totals.divisor,
      slopes: input == .attached
        ? (products - totals.loss * weights) / (totals.divisor * totals.divisor) : 0)
  }

  /// The correction of the transposed product (∂g/∂θ)ᵀ b with ⟨∇ℓ, b⟩ = `changes`.
  ///
  /// The attached g is a gradient, so its derivative is symmetric and this is the column's own; the
  /// detached and normalised g is not.
  public func transposedCorrection(
    _ examples: WeightedExamples, _ totals: Totals, changes: UnsafePointer<Double>
  ) -> Correction {
    guard input == .detached else {
      return correction(
        examples, totals, changes: changes, hyperparameter: nil, hyperparameters: [])
    }
    return Correction(gradient: 0, slopes: product(examples, totals, changes) / totals.divisor)
  }

  /// Writes (∂g/∂φ)ᵀ b with ⟨∇ℓ, b⟩ = `changes`, `[hyperparameterCount]`.
  ///
  /// - Parameters:
  ///   - examples: the minibatch.
  ///   - totals: its sums.
  ///   - changes: one number per example.
  ///   - hyperparameters: φ of the weighting.
  ///   - scratch: 2 · B numbers.
  ///   - result: `[hyperparameterCount]`.
  public func adjoint(
    _ examples: WeightedExamples, _ totals: Totals, changes: UnsafePointer<Double>,
    hyperparameters: [Double], scratch: UnsafeMutablePointer<Double>,
    into result: UnsafeMutablePointer<Double>
  ) {
    let (alpha, beta) = (scratch, scratch + examples.count)
    let isNormalised = reduction == .normalised
    let common = isNormalised ? product(examples, totals, changes) / totals.divisor : 0
    var slopes = 0.0
    if isNormalised, input == .attached {
      for n in 0..<examples.count { slopes += examples.slopes[n] * changes[n] }
      slopes /= totals.divisor * totals.divisor
    }
    for n in 0..<examples.count {
      let distance = examples.losses[n] - totals.center
      alpha[n] = changes[n] / totals.divisor - common - slopes * distance
      beta[n] = input == .attached ? changes[n] * distance / totals.divisor : 0
    }
    result.update(repeating: 0, count: weighting.hyperparameterCount)
    weighting.pullback(
      examples, alpha: alpha, beta: beta, hyperparameters: hyperparameters, into: result)
  }

  /// ⟨g, b⟩ = Σ c_n ⟨∇ℓ_n, b⟩.
  private func product(
    _ examples: WeightedExamples, _ totals: Totals, _ changes: UnsafePointer<Double>
  ) -> Double {
    var sum = 0.0
    for n in 0..<examples.count { sum += coefficient(examples, n, totals) * changes[n] }
    return sum
  }
}
