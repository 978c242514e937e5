/// A rule that gives every training example a weight: w(ℓ, label, example; φ), φ being hyperparameters.
///
/// Weights are few (one an example), so they are computed in double precision whatever the network's.
public protocol ExampleWeighting: Sendable {
  /// The length of φ.
  var hyperparameterCount: Int { get }
  /// What each entry of φ is called in logs.
  var hyperparameterNames: [String] { get }
  /// Whether a weight depends on the class of its example, which then must have one.
  var goesByLabels: Bool { get }
  /// Whether a weight depends on the loss of its example, so that θ moves it.
  var goesByLosses: Bool { get }
  /// The numbers that `weigh` leaves for `tangent` and `pullback`, per example.
  var internalCount: Int { get }
  /// The tensors that φ consists of, one after another, by the names of files.
  var tensors: [(name: String, shape: [Int])] { get }

  /// φ at the start of a run.
  func initialHyperparameters(seed: UInt64) -> [Double]

  /// Writes w, dw/dℓ and d²w/dℓ² of some examples, and the internals.
  func weigh(_ examples: WeightedExamples, _ range: Range<Int>, hyperparameters: [Double])

  /// ∂w/∂φ_j and ∂(dw/dℓ)/∂φ_j of one example, after `weigh`.
  func tangent(
    _ examples: WeightedExamples, _ index: Int, along hyperparameter: Int,
    hyperparameters: [Double]
  ) -> (value: Double, slope: Double)

  /// Adds Σ_n α_n ∂w_n/∂φ + β_n ∂(dw_n/dℓ)/∂φ to a vector, after `weigh`.
  ///
  /// - Parameters:
  ///   - examples: the minibatch.
  ///   - alpha: α, `[count]`.
  ///   - beta: β, `[count]`.
  ///   - hyperparameters: φ, as for `weigh`.
  ///   - result: `[hyperparameterCount]`.
  func pullback(
    _ examples: WeightedExamples, alpha: UnsafePointer<Double>, beta: UnsafePointer<Double>,
    hyperparameters: [Double], into result: UnsafeMutablePointer<Double>)

  /// What the weights look like, for reports.
  func table(hyperparameters: [Double]) -> WeightTable
}

extension ExampleWeighting {
  /// No.
  public var goesByLabels: Bool { false }

  /// Yes.
  public var goesByLosses: Bool { true }

  /// Whether a weight is a function of the loss alone.
  public var isFunctionOfLoss: Bool { goesByLosses && !goesByLabels }

  /// Zeros.
  public func initialHyperparameters(seed: UInt64) -> [Double] {
    [Double](repeating: 0, count: hyperparameterCount)
  }
}
