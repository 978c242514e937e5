import Differentiation
import Tensors

/// A training algorithm (θ, s) ← Ω(θ, s, φ; g) that propagates tangents along with the values.
///
/// It is stateless: what it remembers between steps is kept in jets owned by the caller, which can
/// save, restore and copy them.
public protocol InnerOptimizer: Sendable {
  /// The hyperparameters it reads, in column order.
  var hyperparameterNames: [HyperparameterName] { get }

  /// The number of state jets of the size of θ; they start at zero.
  var stateCount: Int { get }

  /// The number of scratch elements used within a step, independent of the size of θ.
  var scratchCount: Int { get }

  /// Takes one step in place: first every tangent, then the primal.
  ///
  /// - Parameters:
  ///   - number: t, the number of steps since the start of training including this one, from 1.
  ///   - parameters: θ_{t−1} and Z_{t−1}, `[p]`; overwritten with θ_t and Z_t.
  ///   - state: `stateCount` jets, as the previous step left them; updated in place.
  ///   - gradient: g_t = ∇θ L(θ_{t−1}) and its tangents H_t Z + ∂g_t/∂φ, `[p]`; may be overwritten.
  ///   - coefficients: values and derivatives, with one column per tangent.
  ///   - scratch: at least `scratchCount` elements; their contents are undefined before and after.
  func step<Number: Scalar>(
    _ number: Int, parameters: Jet<Number>, state: [Jet<Number>], gradient: Jet<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>)

  /// Whether its weight decay is added to the gradient, as that of a loss with ½ wd ‖θ‖² would be; true
  /// unless said otherwise.
  var decaysByGradient: Bool { get }

  /// Whether `pullback` reads the gradient of the recorded step.
  var pullbackNeedsGradient: Bool { get }

  /// The adjoint of `step`: propagates one adjoint vector back through a recorded step.
  ///
  /// - Parameters:
  ///   - number: t, as for `step`.
  ///   - record: the values recorded in that step.
  ///   - adjoint: updated in place; see `OptimizerAdjoint`.
  ///   - coefficients: with a column for every tuned hyperparameter of the optimizer.
  ///   - scratch: at least `scratchCount` elements.
  ///   - sums: `[columnCount]`; each hyperparameter's own part of the adjoint is added to it.
  func pullback<Number: Scalar>(
    _ number: Int, _ record: RecordedStep<Number>, adjoint: OptimizerAdjoint<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>, sums: UnsafeMutablePointer<Double>)
}

extension InnerOptimizer {
  /// True.
  public var decaysByGradient: Bool { true }

  /// Traps, naming both shapes, if the jets' shapes do not match.
  func checkShapes<Number: Scalar>(
    parameters: Jet<Number>, state: [Jet<Number>], gradient: Jet<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>
  ) {
    precondition(
      scratch.count >= scratchCount, "\(scratch.count) numbers of scratch for \(scratchCount)")
    precondition(
      state.count == stateCount, "\(state.count) state jets for an optimizer with \(stateCount)")
    precondition(
      coefficients.columnCount == parameters.tangentCount,
      "\(coefficients.columnCount) columns for \(parameters.tangentCount) tangents")
    precondition(
      coefficients.layers.last?.upperBound == parameters.count,
      "layers up to \(coefficients.layers.last?.upperBound ?? 0) for \(parameters.count) parameters"
    )
    checkShape(of: gradient, like: parameters)
    for jet in state { checkShape(of: jet, like: parameters) }
  }

  private func checkShape<Number: Scalar>(of jet: Jet<Number>, like parameters: Jet<Number>) {
    precondition(
      jet.count == parameters.count && jet.tangentCount == parameters.tangentCount,
      "a jet of [1 + \(jet.tangentCount), \(jet.count)] with parameters of "
        + "[1 + \(parameters.tangentCount), \(parameters.count)]")
  }
}

/// The number of elements an optimizer processes before it moves to the next column: few enough
/// that the primal stays in the L1 cache for all columns.
let optimizerBlock = 1024
