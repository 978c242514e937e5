import Glibc

/// One weight for each training example, whatever its loss and class.
///
/// Data hyper-cleaning (Franceschi and others 2017). As many hyperparameters as examples, so for the
/// reverse mode.
public struct ExampleWeights: ExampleWeighting, Equatable {
  /// From φ_n to the weight of example n.
  public enum Form: String, CaseIterable, Sendable {
    /// 1/(1 + e^(−φ)): between 0 and 1; starts at 1/2.
    case sigmoid
    /// e^φ: any positive weight; starts at 1.
    case exp
    /// n e^(φ_n) / Σ_m e^(φ_m): the weights of all examples have the mean 1 throughout; starts at 1.
    case simplex
  }

  /// n, the number of training examples.
  public let exampleCount: Int
  /// From φ to weights.
  public let form: Form

  /// A weight for each of some examples.
  public init(exampleCount: Int, form: Form) {
    precondition(exampleCount >= 1, "weights of \(exampleCount) examples")
    (self.exampleCount, self.form) = (exampleCount, form)
  }

  /// One an example.
  public var hyperparameterCount: Int { exampleCount }

  /// `example-weight[0]`, ….
  public var hyperparameterNames: [String] { (0..<exampleCount).map { "example-weight[\($0)]" } }

  /// `example.raw_weights`.
  public var tensors: [(name: String, shape: [Int])] { [("example.raw_weights", [exampleCount])] }

  /// No.
  public var goesByLosses: Bool { false }

  /// The weight of every example, `[n]`.
  public func weights(hyperparameters: [Double]) -> [Double] {
    let scale = scale(hyperparameters)
    return hyperparameters.map { weight($0, scale) }
  }

  /// Their range and mean.
  public func table(hyperparameters: [Double]) -> WeightTable {
    let weights = weights(hyperparameters: hyperparameters)
    return WeightTable(
      examples: (
        least: weights.min() ?? 1, mean: weights.reduce(0, +) / Double(exampleCount),
        greatest: weights.max() ?? 1
      ))
  }

  /// ∂w_n/∂φ_n without the simplex's common part.
  public var internalCount: Int { 1 }

  /// Writes the weights; they do not depend on the loss.
  public func weigh(
    _ examples: WeightedExamples, _ range: Range<Int>, hyperparameters: [Double]
  ) {
    let scale = scale(hyperparameters)
    for n in range {
      let raw = hyperparameters[examples.indices[n]]
      let weight = weight(raw, scale)
      examples.weights[n] = weight
      examples.slopes[n] = 0
      examples.curvatures[n] = 0
      examples.internals[n] = form == .sigmoid ? weight * logistic(-raw) : weight
    }
  }

  /// The example's own direction; with the simplex, also all others.
  public func tangent(
    _ examples: WeightedExamples, _ index: Int, along hyperparameter: Int,
    hyperparameters: [Double]
  ) -> (value: Double, slope: Double) {
    var value = examples.indices[index] == hyperparameter ? examples.internals[index] : 0
    if form == .simplex {
      let other = weight(hyperparameters[hyperparameter], scale(hyperparameters))
      value -= examples.weights[index] * other / Double(exampleCount)
    }
    return (value, 0)
  }

  /// Adds α_n ∂w_n/∂φ_n at each example's own place, and what the simplex takes from all.
  public func pullback(
    _ examples: WeightedExamples, alpha: UnsafePointer<Double>, beta: UnsafePointer<Double>,
    hyperparameters: [Double], into result: UnsafeMutablePointer<Double>
  ) {
    var common = 0.0
    for n in 0..<examples.count {
      result[examples.indices[n]] += alpha[n] * examples.internals[n]
      common += alpha[n] * examples.weights[n]
    }
    guard form == .simplex, common != 0 else { return }
    let (scale, share) = (scale(hyperparameters), common / Double(exampleCount))
    for m in 0..<exampleCount { result[m] -= share * weight(hyperparameters[m], scale) }
  }

  /// What the simplex multiplies e^φ by.
  private func scale(_ hyperparameters: [Double]) -> Double {
    guard form == .simplex else { return 1 }
    return Double(exampleCount) / hyperparameters.reduce(0) { $0 + Glibc.exp($1) }
  }

  private func weight(_ raw: Double, _ scale: Double) -> Double {
    form == .sigmoid ? logistic(raw) : scale * Glibc.exp(raw)
  }
}
