import Glibc

/// One weight for each class, whatever the loss: w = e^(φ_label), one hyperparameter a class.
public struct ClassWeights: ExampleWeighting, Equatable {
  /// φ at the start of a run, `[classes]`.
  public let start: [Double]

  /// Weights of that many classes, all of them 1 at the start.
  public init(classCount: Int) {
    self.init(start: [Double](repeating: 0, count: classCount))
  }

  /// Weights of classes.
  ///
  /// - Parameter start: φ at the start of a run, `[classes]`.
  public init(start: [Double]) {
    precondition(!start.isEmpty, "weights of no classes")
    self.start = start
  }

  /// Number of classes.
  public var classCount: Int { start.count }

  /// One a class.
  public var hyperparameterCount: Int { classCount }

  /// `class-weight[0]`, ….
  public var hyperparameterNames: [String] { (0..<classCount).map { "class-weight[\($0)]" } }

  /// `class.log_weights`.
  public var tensors: [(name: String, shape: [Int])] { [("class.log_weights", [classCount])] }

  /// What was given.
  public func initialHyperparameters(seed: UInt64) -> [Double] { start }

  /// The weight of a class with this φ.
  public static func weight(raw: Double) -> Double { exp(raw) }

  /// The weight of every class.
  public func table(hyperparameters: [Double]) -> WeightTable {
    WeightTable(classes: hyperparameters.map { Self.weight(raw: $0) })
  }

  /// Yes.
  public var goesByLabels: Bool { true }

  /// No.
  public var goesByLosses: Bool { false }

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
