import Differentiation
import Hypergradients
import Learning
import MessagePassing
import Tensors

/// Replaces `ShardedProblem` on a simulated machine: computing takes the time measured on a real
/// core, and the sums over ranks are real and of the real size.
///
/// θ has one element per layer, so that the engine's columns for hundreds of ranks fit on one
/// machine; nothing is learned, and every number is the same on all ranks.
final class ModelledProblem<Number: Scalar & MessageElement>: InnerProblem {
  let parameterCount: Int
  let lossHyperparameterCount: Int
  let lossColumnCount: Int
  let layers: [Range<Int>]
  /// The seconds that this rank spent on training, and on validation.
  private(set) var busy = (training: 0.0, validation: 0.0)

  private let work: WindowWork
  private let rates: ComputeRates
  private let grid: ProcessGrid
  private let summation: SummationMode
  /// The elements of one vector as the real program sends it.
  private let stride: Int
  /// One element per example of a minibatch.
  private let examples: Buffer<Double>
  private var trainingSums: [Int: ModelledSum<Number>] = [:]
  private let validationSum: ModelledSum<Number>

  /// Creates a problem with `layers` layers of the network that `rates` were measured with.
  ///
  /// - Parameters:
  ///   - columns: the number of forward-mode columns.
  ///   - batch: examples per minibatch.
  init(
    layers: Int, hyperparameters: Hyperparameters, columns: Int, work: WindowWork, batch: Int,
    rates: ComputeRates, grid: ProcessGrid, summation: SummationMode
  ) {
    examples = Buffer(count: batch)
    self.layers = (0..<layers).map { $0..<$0 + 1 }
    parameterCount = layers
    lossHyperparameterCount = hyperparameters.loss.count
    lossColumnCount = columns - hyperparameters.tuned.count
    self.work = work
    self.rates = rates
    self.grid = grid
    self.summation = summation
    stride = Jet<Number>.stride(count: rates.parameterCount)
    validationSum = ModelledSum(
      shards: work.validationShards, length: stride, over: grid.world, summation)
  }

  /// Takes the time of a minibatch's gradient with its tangents and of the following optimizer
  /// step, then sums over the data axis.
  func trainingGradient(
    step: Int, parameters: Jet<Number>, hyperparameters: LossHyperparameters,
    gradient: Jet<Number>
  ) -> Double {
    let tangents = gradient.tangentCount
    let active = Double(hyperparameters.activeCount(of: tangents))
    // In the backward pass an adjoint goes through the optimizer and then has a gradient added.
    let updates = 1 + (hyperparameters.adjoints == nil ? 1 : 2) * active
    let shards = Double(grid.ownedShards(of: work.shards).count)
    busy.training += pass(
      shards * (rates.gradient + active * rates.tangent) + updates * rates.update)
    let sum =
      trainingSums[tangents]
      ?? ModelledSum(
        shards: work.shards, length: (1 + tangents) * stride, over: grid.dataAxis, summation)
    trainingSums[tangents] = sum
    sum.run()
    if hyperparameters.adjoints != nil, lossHyperparameterCount > 0 { exchange(1 + Int(active)) }
    return 1
  }

  /// Exchanges the losses of all examples and their changes along every adjoint, as needed for φ in
  /// a backward pass: one number per example at a time.
  private func exchange(_ times: Int) {
    guard grid.dataGroups > 1 else { return }
    let counts = (0..<grid.dataGroups).map {
      balancedRange(of: examples.count, parts: grid.dataGroups, index: $0).count
    }
    for _ in 0..<times { grid.dataAxis.allgatherVariable(examples.elements, counts: counts) }
  }

  func validationGradient(
    parameters: UnsafeBufferPointer<Number>, gradient: UnsafeMutableBufferPointer<Number>
  ) -> Evaluation {
    busy.validation += pass(Double(validationSum.ownedShards) * rates.validation)
    validationSum.run()
    return Evaluation(loss: 1)
  }

  /// Takes as long as a validation gradient; no window of the simulated methods needs it.
  func evaluate(_ set: EvaluationSet, parameters: UnsafeBufferPointer<Number>) -> Evaluation {
    let gradient = Buffer<Number>(count: parameterCount)
    return validationGradient(parameters: parameters, gradient: gradient.elements)
  }

  private func pass(_ seconds: Double) -> Double {
    SimulatedMachine.work(seconds)
    return seconds
  }
}

/// A sum over ranks as in the real program, of meaningless numbers.
private struct ModelledSum<Number: Scalar & MessageElement> {
  private let sum: OrderedSum<Number>?
  private let total: UnsafeMutableBufferPointer<Number>
  let ownedShards: Int

  /// Creates a sum of vectors of `length` elements; does nothing for a single rank.
  init(shards: Int, length: Int, over ranks: any Communicator, _ mode: SummationMode) {
    let isShared = ranks.size > 1
    sum = isShared ? OrderedSum(shards: shards, length: length, over: ranks, mode: mode) : nil
    total = SimulatedMachine.vector(isShared ? length : 1)
    ownedShards = sum?.ownedShards.count ?? shards
  }

  /// Computes the sum; a collective.
  func run() {
    guard let sum else { return }
    sum.begin()
    for _ in sum.ownedShards {
      _ = sum.slot()
      sum.commit()
    }
    sum.finish(into: total)
  }
}
