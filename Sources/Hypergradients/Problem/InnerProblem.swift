import Differentiation
import Tensors

/// Something that is trained: a network with its losses and its data.
///
/// All communication over the data axis happens inside. Every number handed out is the same, bit
/// for bit, on every rank that shares the same columns, and losses and validation gradients on all
/// ranks: the ranks decide by them, each for itself, how to go on.
public protocol InnerProblem: AnyObject {
  /// The precision of training.
  associatedtype Number: Scalar

  /// p, the number of model parameters.
  var parameterCount: Int { get }

  /// The number of hyperparameters that the training loss sees directly.
  var lossHyperparameterCount: Int { get }

  /// The columns that the loss's hyperparameters take in forward mode: one each, unless the problem
  /// differentiates along a basis of its own; see ``lossColumnMap(hyperparameters:)``.
  var lossColumnCount: Int { get }

  /// The parts of θ that may have hyperparameters of the optimizer for themselves: ranges that cover
  /// 0 ..< p in order.
  var layers: [Range<Int>] { get }

  /// Writes the gradient of a minibatch's mean loss, and its tangents.
  ///
  ///     gradient = g = ∇θ L(θ, φ; B_t)          gradient tangent k = H Z_k + (∂g/∂φ) φ̇_k
  ///
  /// In reverse mode the tangents are adjoints: see ``LossHyperparameters/Role``.
  ///
  /// - Parameters:
  ///   - step: t, from 0; it alone decides which minibatch is drawn.
  ///   - parameters: θ and Z, `[p]`; any number of tangents, also none.
  ///   - hyperparameters: what the loss sees of φ, and what the tangents are.
  ///   - gradient: like `parameters`; all of it is written.
  /// - Returns: the minibatch's mean loss.
  func trainingGradient(
    step: Int, parameters: Jet<Number>, hyperparameters: LossHyperparameters,
    gradient: Jet<Number>
  ) throws -> Double

  /// Writes ∇θ L̃ over the full validation set, in one pass whatever q is.
  ///
  /// All ranks take part.
  ///
  /// - Parameters:
  ///   - parameters: θ, `[p]`.
  ///   - gradient: `[p]`; all of it is written.
  /// - Returns: loss and metrics on the validation set.
  func validationGradient(
    parameters: UnsafeBufferPointer<Number>, gradient: UnsafeMutableBufferPointer<Number>
  ) throws -> Evaluation

  /// Lets a window begin, or begin again: what a map of columns is made from starts anew.
  func beginWindow()

  /// How hypergradients along the loss's columns become those of its hyperparameters; nil where they
  /// are the same.
  ///
  /// All ranks take part; called at the end of a window.
  ///
  /// - Parameter hyperparameters: φ of the loss, `[lossHyperparameterCount]`.
  func lossColumnMap(hyperparameters: [Double]) throws -> LossColumnMap?

  /// Loss and metrics on a whole set; all ranks take part.
  func evaluate(
    _ set: EvaluationSet, parameters: UnsafeBufferPointer<Number>
  ) throws -> Evaluation
}

extension InnerProblem {
  /// None: only the optimizer sees φ.
  public var lossHyperparameterCount: Int { 0 }

  /// One for each of the loss's hyperparameters.
  public var lossColumnCount: Int { lossHyperparameterCount }

  /// Nothing.
  public func beginWindow() {}

  /// Columns are those of the hyperparameters.
  public func lossColumnMap(hyperparameters: [Double]) -> LossColumnMap? { nil }

  /// One: all of θ.
  public var layers: [Range<Int>] { [0..<parameterCount] }
}

/// A set of examples that is not trained on.
public enum EvaluationSet: String, CaseIterable, Sendable {
  /// Held out from the training set; hypergradients come from it.
  case validation
  /// Seen by nothing but the final report.
  case test
}

/// The mean of something over a set of examples, with its name.
public struct Metric: Equatable, Sendable {
  /// The name of the share of right answers, in [0, 1].
  public static let accuracy = "accuracy"

  /// What reports call it.
  public var name: String
  /// The mean.
  public var value: Double

  /// A metric.
  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// How well a model does on a set of examples.
public struct Evaluation: Equatable, Sendable {
  /// The mean loss.
  public var loss: Double
  /// What else the problem reports; it may be nothing.
  public var metrics: [Metric]
  /// The accuracy of each class, nil for a class without examples; empty where there are no classes.
  public var classAccuracies: [Double?]

  /// An evaluation.
  public init(loss: Double, metrics: [Metric] = [], classAccuracies: [Double?] = []) {
    self.loss = loss
    self.metrics = metrics
    self.classAccuracies = classAccuracies
  }

  /// The share of right answers, in [0, 1]; nil where there are no right answers.
  public var accuracy: Double? { metrics.first { $0.name == Metric.accuracy }?.value }
}
