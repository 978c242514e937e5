import Glibc

/// One weight for each class, whatever the loss: w = e^(φ_label), one hyperparameter a class.
public struct ClassWeights: ExampleWeighting, Equatable {
  /// Number of classes.
  public let classCount: Int

  /// Weights of that many classes.
  public init(classCount: Int) {
    precondition(classCount >= 1, "weights of \(classCount) classes")
    self.classCount = classCount
  }

  /// One a class.
  public var hyperparameterCount: Int { classCount }

  /// `class-weight[0]`, ….
  public var hyperparameterNames: [String] { (0..<classCount).map { "class-weight[\($0)]" } }

  /// The weight of a class with this φ.
  public static func weight(raw: Double) -> Double { exp(raw) }

  /// Yes.
  public var goesByLabels: Bool { true }

  /// None.
  public var internalCount: Int { 0 }

  /// Writes the weights; they do not depend on the loss.
  public func weigh(
    _ examples: WeightedExamples, _ range: Range<Int>, hyperparameters: [Double]
  ) {
    for n in range {
      examples.weights[n] = Self.weight(raw: hyperparameters[Int(examples.labels[n])])
      examples.slopes[n] = 0
      examples.curvatures[n] = 0
    }
  }

  /// The weight itself in its own class's direction.
  public func tangent(
    _ examples: WeightedExamples, _ index: Int, along hyperparameter: Int,
    hyperparameters: [Double]
  ) -> (value: Double, slope: Double) {
    (Int(examples.labels[index]) == hyperparameter ? examples.weights[index] : 0, 0)
  }

  /// Adds α_n w_n to the entry of each example's class.
  public func pullback(
    _ examples: WeightedExamples, alpha: UnsafePointer<Double>, beta: UnsafePointer<Double>,
    hyperparameters: [Double], into result: UnsafeMutablePointer<Double>
  ) {
    for n in 0..<examples.count {
      result[Int(examples.labels[n])] += alpha[n] * examples.weights[n]
    }
  }
}
