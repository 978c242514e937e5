import Glibc

/// The weight as an exponential of a piecewise linear function of the loss: w(ℓ) = e^(z(ℓ)),
/// z = Σ_k φ_k ψ_k(ℓ) with a hat ψ_k on every knot.
///
/// Starts at w = 1. Inside a segment z″ = 0, so w′ = w z′ and w″ = w z′².
public struct LossSpline: ExampleWeighting, Equatable {
  /// The knots.
  public let knots: LossKnots

  /// A spline on some knots.
  public init(knots: LossKnots) { self.knots = knots }

  /// One a knot.
  public var hyperparameterCount: Int { knots.count }

  /// `loss-weight[0]`, … by the knot's loss.
  public var hyperparameterNames: [String] { knots.places.map { "loss-weight[\($0)]" } }

  /// `spline.log_weights`.
  public var tensors: [(name: String, shape: [Int])] { [("spline.log_weights", [knots.count])] }

  /// The weight at losses from 0 to 10.
  public func table(hyperparameters: [Double]) -> WeightTable {
    .byLoss { exp(knots.sum(hyperparameters[...], at: $0).value) }
  }

  /// z′ of an example.
  public var internalCount: Int { 1 }

  /// Writes weights, slopes and curvatures.
  public func weigh(
    _ examples: WeightedExamples, _ range: Range<Int>, hyperparameters: [Double]
  ) {
    for n in range {
      let z = knots.sum(hyperparameters[...], at: examples.losses[n])
      examples.take(n, exponent: z.value, slope: z.slope)
    }
  }

  /// ∂w/∂φ_k = w ψ_k and ∂w′/∂φ_k = w (z′ ψ_k + ψ_k′).
  public func tangent(
    _ examples: WeightedExamples, _ index: Int, along hyperparameter: Int,
    hyperparameters: [Double]
  ) -> (value: Double, slope: Double) {
    let hat = knots.hat(hyperparameter, at: examples.losses[index])
    return examples.exponentialTangent(index, of: hat)
  }

  /// The same for both knots beside each loss.
  public func pullback(
    _ examples: WeightedExamples, alpha: UnsafePointer<Double>, beta: UnsafePointer<Double>,
    hyperparameters: [Double], into result: UnsafeMutablePointer<Double>
  ) {
    for n in 0..<examples.count {
      examples.addKnots(n, knots, alpha[n], beta[n], into: result)
    }
  }
}

// What weights that are exponentials of a piecewise linear z have in common; internal 0 is z′.
extension WeightedExamples {
  /// Writes w = e^z and its derivatives.
  func take(_ n: Int, exponent z: Double, slope: Double) {
    let weight = exp(z)
    weights[n] = weight
    slopes[n] = weight * slope
    curvatures[n] = weight * slope * slope
    internals[n] = slope
  }

  /// ∂w and ∂w′ where z moves by a function of the loss.
  func exponentialTangent(
    _ n: Int, of function: (value: Double, slope: Double)
  ) -> (value: Double, slope: Double) {
    (
      weights[n] * function.value,
      weights[n] * (internals[n] * function.value + function.slope)
    )
  }

  /// Adds α ∂w_n/∂φ + β ∂w′_n/∂φ for the coefficients of hats.
  func addKnots(
    _ n: Int, _ knots: LossKnots, _ alpha: Double, _ beta: Double,
    into result: UnsafeMutablePointer<Double>
  ) {
    let position = knots.position(of: losses[n])
    let value = weights[n] * (alpha + beta * internals[n])
    let slope = weights[n] * beta * position.rate
    result[position.left] += value * (1 - position.share) - slope
    result[position.left + 1] += value * position.share + slope
  }
}
