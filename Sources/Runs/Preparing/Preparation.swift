import Datasets
import DynamicModes
import Hypergradients
import Learning
import MessagePassing
import Networks
import Settings
import Tensors

/// All that a training needs before the ranks are arranged: data, network, minibatches, loss, start.
package struct Preparation<Number: Scalar & MessageElement> {
  package let data: SplitData
  package let network: any Network
  package let start: StartingPoint<Number>
  private let configuration: Configuration
  private let schedule: MinibatchSchedule
  private let loss: WeightedLoss?

  /// Loads and checks; a collective, which ends all ranks with one message where something is wrong.
  ///
  /// - Parameter folder: with one subfolder per data set.
  package init(_ configuration: Configuration, data folder: String?, world: any Communicator) {
    let data = world.allOrNone { try ExperimentData.load(configuration, folder: folder) }
    self = world.allOrNone { try Preparation(configuration, data: data) }
  }

  /// Checks what data that have been loaded are to be used for; every rank does so for itself.
  ///
  /// - Parameter stored: where a run that goes on began, instead of the files that it began with.
  /// - Throws: when the network does not take the examples, or a file does not fit.
  package init(
    _ configuration: Configuration, data: SplitData, stored: StoredStart<Number>? = nil
  ) throws {
    self.configuration = configuration
    self.data = data
    network = try configuration.network.network(for: data.training)
    schedule = try ExperimentData.words(for: data.training.noun) { () throws(SplitError) in
      try MinibatchSchedule(
        order: configuration.data.order, count: data.training.count,
        batch: configuration.inner.batch, seed: configuration.seed)
    }
    loss = configuration.weightedLoss(classSizes: data.training.classHistogram)
    start = StartingPoint<Number>(
      parameters: try stored?.parameters ?? Self.initialParameters(configuration, of: network),
      hyperparameters: configuration.startingHyperparameters(
        layers: network.parameters.layers.map(\.name),
        loss: try stored?.loss
          ?? configuration.initialLossHyperparameters(of: loss?.weighting),
        lossNames: loss?.weighting.hyperparameterNames ?? []))
  }

  /// What a window costs.
  package var work: WindowWork {
    configuration.windowWork(
      count: columnCount, parameterCount: network.parameters.count,
      validation: data.validation.count)
  }

  /// The columns of the forward mode.
  package var columnCount: Int {
    start.hyperparameters.tuned.count + (loss?.columnCount ?? 0)
  }

  /// What each column is the influence of.
  package var columnNames: [String] {
    guard let basis = loss?.basis else { return start.hyperparameters.columnNames }
    return start.hyperparameters.tuned.map(\.columnName)
      + basis.places.map { "at-loss[\($0)]" }
  }

  /// What the reverse mode keeps.
  package var trajectory: TrajectoryPlan {
    configuration.trajectoryPlan(parameterCount: network.parameters.count)
  }

  /// What is trained, spread over the ranks of a grid.
  package func problem(on grid: ProcessGrid) -> ShardedProblem<Number> {
    ShardedProblem<Number>(
      Classifier(network), examples: data.examples, schedule: schedule, loss: loss,
      shard: configuration.parallel.shard, grid: grid, summation: configuration.parallel.sums,
      compute: configuration.compute)
  }

  /// A run of that training before its first window.
  package func tuner(
    _ problem: ShardedProblem<Number>, _ method: Method, _ mode: DifferentiationMode,
    shouldStop: @escaping StopQuestion
  ) -> Tuner<ShardedProblem<Number>> {
    Tuner(
      problem: problem, initialParameters: start.parameters,
      inner: configuration.inner.optimizer.optimizer, hyperparameters: start.hyperparameters,
      outer: configuration.outerOptimizer, settings: configuration.tuningSettings(method, mode),
      estimation: HankelEstimation(configuration.dmd),
      coordinator: GridCoordinator(problem.grid), shouldStop: shouldStop)
  }

  private static func initialParameters(
    _ configuration: Configuration, of network: some Network
  ) throws -> [Number] {
    guard let path = configuration.initial.parameters else {
      return network.parameters.initialParameters(seed: configuration.seed, as: Number.self)
    }
    return try NetworkFile.read(path, network.parameters)
  }
}
