import Differentiation
import Tensors

/// A training algorithm (θ, s) ← Ω(θ, s, φ; g) that carries tangents along with the numbers.
///
/// A strategy without state of its own: what it remembers from step to step lies in jets that the
/// caller keeps, so that it can be saved, restored and played out.
public protocol InnerOptimizer: Sendable {
  /// The hyperparameters it reads, in the order of their columns.
  var hyperparameterNames: [HyperparameterName] { get }

  /// How many jets of the size of θ it remembers; they start at zero.
  var stateCount: Int { get }

  /// How many numbers it works on within a step and forgets, whatever the size of θ.
  var scratchCount: Int { get }

  /// Takes one step, in place: first every tangent, then the primal.
  ///
  /// - Parameters:
  ///   - number: t, the steps of the whole training including this one, from 1.
  ///   - parameters: θ_{t−1} and Z_{t−1}, `[p]`; θ_t and Z_t afterwards.
  ///   - state: `stateCount` jets, as the previous step left them.
  ///   - gradient: g_t = ∇θ L(θ_{t−1}) and its tangents H_t Z + ∂g_t/∂φ, `[p]`; nobody reads it again.
  ///   - coefficients: values and derivatives, with one column per tangent.
  ///   - scratch: at least `scratchCount` numbers, whose values mean nothing before and after.
  func step<Number: Scalar>(
    _ number: Int, parameters: Jet<Number>, state: [Jet<Number>], gradient: Jet<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>)

  /// Whether its weight decay is added to the gradient, as that of a loss with ½ wd ‖θ‖² would be; true
  /// unless said otherwise.
  var decaysByGradient: Bool { get }

  /// Whether `pullback` reads the gradient of the recorded step.
  var pullbackNeedsGradient: Bool { get }

  /// The adjoint of `step`: one adjoint vector back through a step that was recorded.
  ///
  /// - Parameters:
  ///   - number: t, as for `step`.
  ///   - record: the numbers of that step.
  ///   - adjoint: changed in place, see there.
  ///   - coefficients: with a column for every tuned hyperparameter of the optimizer.
  ///   - scratch: at least `scratchCount` numbers.
  ///   - sums: `[columnCount]`: each hyperparameter's own part of the adjoint is added.
  func pullback<Number: Scalar>(
    _ number: Int, _ record: RecordedStep<Number>, adjoint: OptimizerAdjoint<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>, sums: UnsafeMutablePointer<Double>)
}

extension InnerOptimizer {
  /// It is.
  public var decaysByGradient: Bool { true }

  /// Says with both shapes when jets do not belong together.
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

/// Numbers that one pass of an optimizer works on before it goes to the next column: few enough
/// that the primal stays in the first-level cache for all columns.
let optimizerBlock = 1024
