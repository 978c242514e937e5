import Differentiation
import Hypergradients
import Learning
import MessagePassing
import Tensors

/// What stands in for `ShardedProblem` on a simulated machine: its computing takes the time that was
/// measured on a real core, and its sums over ranks are the real ones, of the real size.
///
/// Of θ it has one number for each layer, so that what the engine keeps of columns fits hundreds of
/// ranks on one machine; nothing is learned, and every number is the same on all ranks.
final class ModelledProblem<Number: Scalar & MessageElement>: InnerProblem {
  let parameterCount: Int
  let lossHyperparameterCount: Int
  let lossColumnCount: Int
  let layers: [Range<Int>]
  /// Seconds that this rank was busy with training, and with validation.
  private(set) var busy = (training: 0.0, validation: 0.0)

  private let work: WindowWork
  private let rates: ComputeRates
  private let grid: ProcessGrid
  private let summation: SummationMode
  /// Numbers of one vector as the real program sends it.
  private let stride: Int
  /// One number for each example of a minibatch.
  private let examples: Buffer<Double>
  private var trainingSums: [Int: ModelledSum<Number>] = [:]
  private let validationSum: ModelledSum<Number>

  /// A problem with `layers` layers of the network that `rates` were measured with.
  ///
  /// - Parameters:
  ///   - columns: of the forward mode.
  ///   - batch: examples in a minibatch.
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

  /// The time of a minibatch's gradient with its tangents, and of the optimizer's step after it; then
  /// the sum over the data axis.
  func trainingGradient(
    step: Int, parameters: Jet<Number>, hyperparameters: LossHyperparameters,
    gradient: Jet<Number>
  ) -> Double {
    let tangents = gradient.tangentCount
    let active = Double(hyperparameters.activeCount(of: tangents))
    // On the way back an adjoint goes through the optimizer and is then added to.
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

  /// The losses of all examples and their changes along every adjoint, which φ's part of a way back
  /// needs: one number for each example at a time.
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

  /// As long as a validation gradient: nothing in a window of the simulated methods needs it.
  func evaluate(_ set: EvaluationSet, parameters: UnsafeBufferPointer<Number>) -> Evaluation {
    let gradient = Buffer<Number>(count: parameterCount)
    return validationGradient(parameters: parameters, gradient: gradient.elements)
  }

  private func pass(_ seconds: Double) -> Double {
    SimulatedMachine.work(seconds)
    return seconds
  }
}

/// A sum over ranks as the real program makes it, of numbers that mean nothing.
private struct ModelledSum<Number: Scalar & MessageElement> {
  private let sum: OrderedSum<Number>?
  private let total: UnsafeMutableBufferPointer<Number>
  let ownedShards: Int

  /// A sum of vectors of `length` numbers; among one rank, nothing.
  init(shards: Int, length: Int, over ranks: any Communicator, _ mode: SummationMode) {
    let isShared = ranks.size > 1
    sum = isShared ? OrderedSum(shards: shards, length: length, over: ranks, mode: mode) : nil
    total = SimulatedMachine.vector(isShared ? length : 1)
    ownedShards = sum?.ownedShards.count ?? shards
  }

  /// The sum; a collective.
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
