import Differentiation
import Tensors

/// Trains with this rank's columns of ∂θ/∂φ alongside and reads hypergradients off them.
///
/// Forward mode: with the tangents of g_t from the problem and those of the step from the optimizer,
///
///     h_t = Z_tᵀ ∇θ L̃(θ_t)
///
/// needs one reverse pass over the validation set for all columns together. Columns do not depend on
/// each other, so a rank that owns none of them trains all the same.
public final class ForwardColumns<Problem: InnerProblem>: HypergradientSource {
  /// The precision of training.
  public typealias Number = Problem.Number

  /// The columns that this rank owns: entries of φ, or what the problem has in their place.
  public let columns: Range<Int>
  /// The column of each tangent: once for every family.
  let tangents: [Int]

  let mode = DifferentiationMode.forward
  let origin: TrainingOrigin<Number>? = nil
  private let sweep: TrainingSweep<Problem>
  private let gradient: Jet<Number>
  private let role: LossHyperparameters.Role

  /// Makes room for the columns of a rank.
  ///
  /// - Parameters:
  ///   - training: what trains.
  ///   - columns: those that this rank owns, within 0 ..< the training's column count; may be empty.
  ///   - families: how often each column goes along; they differ in how they were scaled before.
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

  /// Scales the columns: 0 sets them to zero, 1 leaves every bit.
  func restart(_ state: TrainingState<Number>, carry: Double, steps: Int) {
    state.scaleTangents(by: carry)
    sweep.training.problem.beginWindow()
  }

  /// Lets a window begin with the columns as they are.
  func beginWindow() { sweep.training.problem.beginWindow() }

  /// Takes some inner steps and observes the hypergradient after the last of them.
  ///
  /// The state's columns go on from where they are: set or scale them before. Training stops at a
  /// loss that is not finite; whether a hypergradient is finite only the one who sees all columns
  /// can say.
  ///
  /// - Parameters:
  ///   - state: with as many tangents as this rank has columns in all families.
  ///   - steps: how many steps, at least 1.
  ///   - observed: after how many of them, the last ones, h is taken; may be 0.
  ///   - hyperparameters: φ, which stays where it is.
  /// - Returns: losses and hypergradients, `[observed, families, columns]`; the same outcome on all
  ///   ranks unless the sums differ between them.
  /// - Throws: what the problem throws.
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
