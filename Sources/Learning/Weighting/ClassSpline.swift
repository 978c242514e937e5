import Glibc

/// A weight for each class times a function of the loss that all classes share:
/// w = e^(φ_label + Σ_k φ_{C+k} ψ_k(ℓ)), a `ClassWeights` and a `LossSpline` together.
///
/// C + K hyperparameters instead of C·K for a spline a class, so that columns stay few.
public struct ClassSpline: ExampleWeighting, Equatable {
  /// φ of the classes at the start, `[classes]`.
  public let start: [Double]
  /// The knots of the loss.
  public let knots: LossKnots

  /// Weights of classes and losses.
  ///
  /// - Parameters:
  ///   - start: φ of the classes at the start of a run; the spline starts at 1.
  ///   - knots: the knots of the loss.
  public init(start: [Double], knots: LossKnots) {
    precondition(!start.isEmpty, "weights of no classes")
    (self.start, self.knots) = (start, knots)
  }

  private var classCount: Int { start.count }

  /// One a class and one a knot.
  public var hyperparameterCount: Int { classCount + knots.count }

  /// Those of the classes, then those of the knots.
  public var hyperparameterNames: [String] {
    ClassWeights(start: start).hyperparameterNames + LossSpline(knots: knots).hyperparameterNames
  }

  /// Those of both.
  public var tensors: [(name: String, shape: [Int])] {
    ClassWeights(start: start).tensors + LossSpline(knots: knots).tensors
  }

  /// The classes' start, and zeros.
  public func initialHyperparameters(seed: UInt64) -> [Double] {
    start + [Double](repeating: 0, count: knots.count)
  }

  /// Both factors.
  public func table(hyperparameters: [Double]) -> WeightTable {
    var table = LossSpline(knots: knots).table(
      hyperparameters: Array(hyperparameters[classCount...]))
    table.classes = hyperparameters[..<classCount].map { ClassWeights.weight(raw: $0) }
    return table
  }

  /// Yes.
  public var goesByLabels: Bool { true }

  /// z′ of an example.
  public var internalCount: Int { 1 }

  /// Writes weights, slopes and curvatures.
  public func weigh(
    _ examples: WeightedExamples, _ range: Range<Int>, hyperparameters: [Double]
  ) {
    for n in range {
      let z = knots.sum(hyperparameters[classCount...], at: examples.losses[n])
      let label = Int(examples.labels[n])
      examples.take(n, exponent: hyperparameters[label] + z.value, slope: z.slope)
    }
  }

  /// ∂w and ∂w′ along a class or a hat.
  public func tangent(
    _ examples: WeightedExamples, _ index: Int, along hyperparameter: Int,
    hyperparameters: [Double]
  ) -> (value: Double, slope: Double) {
    if hyperparameter < classCount {
      let isOwn = Int(examples.labels[index]) == hyperparameter
      return examples.exponentialTangent(index, of: (isOwn ? 1 : 0, 0))
    }
    return examples.exponentialTangent(
      index, of: knots.hat(hyperparameter - classCount, at: examples.losses[index]))
  }

  /// The same for all of φ at once.
  public func pullback(
    _ examples: WeightedExamples, alpha: UnsafePointer<Double>, beta: UnsafePointer<Double>,
    hyperparameters: [Double], into result: UnsafeMutablePointer<Double>
  ) {
    for n in 0..<examples.count {
      let own = examples.weights[n] * (alpha[n] + beta[n] * examples.internals[n])
      result[Int(examples.labels[n])] += own
      examples.addKnots(n, knots, alpha[n], beta[n], into: result + classCount)
    }
  }
}
