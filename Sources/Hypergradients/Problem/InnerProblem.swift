import Differentiation
import Tensors

/// A trainable problem: a network with its losses and its data.
///
/// All communication along the data axis happens inside. Every returned number is bitwise identical
/// on all ranks that share the same columns; losses and validation gradients are identical on all
/// ranks, since each rank decides from them independently how to continue.
public protocol InnerProblem: AnyObject {
  /// The precision of training.
  associatedtype Number: Scalar

  /// p, the number of parameters of the model.
  var parameterCount: Int { get }

  /// The number of hyperparameters that the training loss reads directly.
  var lossHyperparameterCount: Int { get }

  /// The number of columns for the loss's hyperparameters in forward mode: one each, unless the
  /// problem differentiates along its own basis; see ``lossColumnMap(hyperparameters:)``.
  var lossColumnCount: Int { get }

  /// The parts of θ that may have their own optimizer hyperparameters: ranges that cover 0 ..< p in
  /// order.
  var layers: [Range<Int>] { get }

  /// Entries of θ at its end that are not trained but measured; see ``RunningStatistics``.
  var statistics: [RunningStatistics] { get }

  /// Writes the gradient of a minibatch's mean loss and its tangents.
  ///
  ///     gradient = g = ∇θ L(θ, φ; B_t)          gradient tangent k = H Z_k + (∂g/∂φ) φ̇_k
  ///
  /// In reverse mode the tangents are adjoints; see ``LossHyperparameters/Role``.
  ///
  /// - Parameters:
  ///   - step: t, from 0; it alone determines which minibatch is drawn.
  ///   - parameters: θ and Z, `[p]`; any number of tangents, including none.
  ///   - hyperparameters: the loss's part of φ, and the meaning of the tangents.
  ///   - gradient: the same shape as `parameters`; fully overwritten. At the place of ``statistics``
  ///     stands what this minibatch has measured, and tangents of 0.
  /// - Returns: the minibatch's mean loss.
  func trainingGradient(
    step: Int, parameters: Jet<Number>, hyperparameters: LossHyperparameters,
    gradient: Jet<Number>
  ) throws -> Double

  /// Writes ∇θ L̃ over the full validation set, in one pass whatever q is.
  ///
  /// Called collectively by all ranks.
  ///
  /// - Parameters:
  ///   - parameters: θ, `[p]`.
  ///   - gradient: `[p]`; fully overwritten, with 0 at the place of ``statistics``.
  /// - Returns: loss and metrics on the validation set.
  func validationGradient(
    parameters: UnsafeBufferPointer<Number>, gradient: UnsafeMutableBufferPointer<Number>
  ) throws -> Evaluation

  /// Starts or restarts a window: resets the data that the column map is built from.
  func beginWindow()

  /// Maps hypergradients along the loss's columns to those of its hyperparameters; nil if they are
  /// the same.
  ///
  /// Called collectively by all ranks at the end of a window.
  ///
  /// - Parameter hyperparameters: φ of the loss, `[lossHyperparameterCount]`.
  func lossColumnMap(hyperparameters: [Double]) throws -> LossColumnMap?

  /// Computes loss and metrics on a whole set; called collectively by all ranks.
  func evaluate(
    _ set: EvaluationSet, parameters: UnsafeBufferPointer<Number>
  ) throws -> Evaluation
}

extension InnerProblem {
  /// Defaults to 0: only the optimizer reads φ.
  public var lossHyperparameterCount: Int { 0 }

  /// Defaults to one column per loss hyperparameter.
  public var lossColumnCount: Int { lossHyperparameterCount }

  /// Defaults to none.
  public var statistics: [RunningStatistics] { [] }

  /// Does nothing by default.
  public func beginWindow() {}

  /// Defaults to nil: columns belong to the hyperparameters themselves.
  public func lossColumnMap(hyperparameters: [Double]) -> LossColumnMap? { nil }

  /// Defaults to one layer: all of θ.
  public var layers: [Range<Int>] { [0..<parameterCount] }
}

/// A set of examples that is not used for training.
public enum EvaluationSet: String, CaseIterable, Sendable {
  /// Held out from the training set; used for hypergradients.
  case validation
  /// Used only for the final report.
  case test
}

/// A named mean over a set of examples.
public struct Metric: Equatable, Sendable {
  /// The name of the accuracy, the fraction of correct predictions, in [0, 1].
  public static let accuracy = "accuracy"

  /// The name in reports.
  public var name: String
  /// The mean value.
  public var value: Double

  /// Creates a metric from its name and value.
  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// The results of a model on a set of examples.
public struct Evaluation: Equatable, Sendable {
  /// The mean loss.
  public var loss: Double
  /// The problem's other metrics; may be empty.
  public var metrics: [Metric]
  /// The accuracy per class, nil for a class without examples; empty for problems without classes.
  public var classAccuracies: [Double?]

  /// Creates an evaluation from its results.
  public init(loss: Double, metrics: [Metric] = [], classAccuracies: [Double?] = []) {
    self.loss = loss
    self.metrics = metrics
    self.classAccuracies = classAccuracies
  }

  /// The fraction of correct predictions, in [0, 1]; nil if the problem has no accuracy.
  public var accuracy: Double? { metrics.first { $0.name == Metric.accuracy }?.value }
}
