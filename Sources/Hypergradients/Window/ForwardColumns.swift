import Differentiation
import Tensors

/// Trains with this rank's columns of ∂θ/∂φ alongside and computes hypergradients from them.
///
/// Forward mode: with the tangents of g_t from the problem and those of the step from the
/// optimizer,
///
///     h_t = Z_tᵀ ∇θ L̃(θ_t)
///
/// needs one reverse pass over the validation set for all columns together. Columns are independent
/// of each other; a rank that owns none still trains.
public final class ForwardColumns<Problem: InnerProblem>: HypergradientSource {
  /// The precision of training.
  public typealias Number = Problem.Number

  /// The columns that this rank owns: entries of φ, or the problem's own directions.
  public let columns: Range<Int>
  /// The column index of each tangent; each index appears once per family.
  let tangents: [Int]

  let mode = DifferentiationMode.forward
  let origin: TrainingOrigin<Number>? = nil
  private let sweep: TrainingSweep<Problem>
  private let gradient: Jet<Number>
  private let role: LossHyperparameters.Role

  /// Allocates the columns of a rank.
  ///
  /// - Parameters:
  ///   - training: the problem, its optimizer and its ranks.
  ///   - columns: the columns this rank owns, within 0 ..< the training's column count; may be empty.
  ///   - families: the number of copies of each column, which differ in how they were scaled before.
  public init(_ training: InnerTraining<Problem>, columns: Range<Int>, families: Int = 1) {
    let hyperparameters = training.hyperparameters
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= training.columnCount,
      "columns \(columns) of \(training.columnCount)")
    sweep = TrainingSweep(training)
    self.columns = columns
    tangents = (0..<families).flatMap { _ in columns }
    gradient = Jet(count: training.problem.parameterCount, tangentCount: tangents.count)
    let first = hyperparameters.tuned.count
    role = .columns(tangents.map { $0 >= first ? $0 - first : nil })
  }

  /// Scales the columns: 0 sets them to zero, 1 leaves them bitwise unchanged.
  func restart(_ state: TrainingState<Number>, carry: Double, steps: Int) {
    state.scaleTangents(by: carry)
    sweep.training.problem.beginWindow()
  }

  /// Begins a window without changing the columns.
  func beginWindow() { sweep.training.problem.beginWindow() }

  /// Takes some inner steps and computes the hypergradient after the last of them.
  ///
  /// Columns continue from their current values; reset or scale them beforehand. Training stops at
  /// a non-finite loss; only the caller that sees all columns can tell whether a hypergradient is
  /// finite.
  ///
  /// - Parameters:
  ///   - state: with as many tangents as this rank has columns over all families.
  ///   - steps: the number of steps, at least 1.
  ///   - observed: the number of last steps after which h is taken; may be 0.
  ///   - hyperparameters: φ, constant during the call.
  /// - Returns: losses and hypergradients, `[observed, families, columns]`; the same outcome on all
  ///   ranks unless sums differ between them.
  /// - Throws: errors of the problem.
  public func advance(
    _ state: inout TrainingState<Number>, steps: Int, observed: Int,
    hyperparameters: Hyperparameters
  ) throws -> Stretch {
    precondition(
      state.parameters.tangentCount == tangents.count,
      "a state with \(state.parameters.tangentCount) tangents for \(tangents.count) columns")
    let step = TrainingSweep<Problem>.Step(
      coefficients: InnerCoefficients(
        hyperparameters, columns: tangents, layers: sweep.training.problem.layers),
      loss: LossHyperparameters(hyperparameters.loss, role), gradient: gradient)
    return try sweep.run(&state, steps: steps, observed: observed, step) { state, stretch in
      let parameters = state.parameters
      for k in 0..<parameters.tangentCount {
        stretch.hypergradients.append(
          orderedProduct(
            parameters.storage.pointer + (1 + k) * parameters.stride, gradient.storage.pointer,
            count: parameters.count))
      }
    }
  }
}
