import Datasets
import DynamicModes
import Hypergradients
import Learning
import MessagePassing
import Networks
import Settings
import Tensors

/// Everything a training needs before the grid is created: data, network, minibatches, loss, start.
package struct Preparation<Number: Scalar & MessageElement> {
  package let data: SplitData
  package let network: any DescribedModel
  package let start: StartingPoint<Number>
  private let configuration: Configuration
  private let schedule: MinibatchSchedule
  private let loss: WeightedLoss?

  /// Loads and checks everything; a collective, which ends all ranks with one message on an error.
  ///
  /// - Parameter folder: the folder with one subfolder per data set.
  package init(_ configuration: Configuration, data folder: String?, world: any Communicator) {
    let data = world.allOrNone { try ExperimentData.load(configuration, folder: folder) }
    self = world.allOrNone { try Preparation(configuration, data: data) }
  }

  /// Prepares a training from loaded data; each rank checks for itself.
  ///
  /// - Parameters:
  ///   - stored: the start of a resumed run, instead of the files that it started from.
  ///   - known: the network, where it has been made before.
  /// - Throws: if the network does not accept the examples, or a file does not fit.
  package init(
    _ configuration: Configuration, data: SplitData, stored: StoredStart<Number>? = nil,
    network known: (any DescribedModel)? = nil
  ) throws {
    self.configuration = configuration
    self.data = data
    network = try known ?? configuration.model(for: data.training)
    try configuration.requireShards(of: data, by: network, as: Number.self)
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

  /// The work of a window.
  package var work: WindowWork {
    configuration.windowWork(
      count: columnCount, parameterCount: network.parameters.count,
      validation: data.validation.count)
  }

  /// The number of forward-mode columns.
  package var columnCount: Int {
    start.hyperparameters.tuned.count + (loss?.columnCount ?? 0)
  }

  /// The name of each column.
  package var columnNames: [String] {
    guard let basis = loss?.basis else { return start.hyperparameters.columnNames }
    return start.hyperparameters.tuned.map(\.columnName)
      + basis.places.map { "at-loss[\($0)]" }
  }

  /// The part of a trajectory that reverse mode keeps.
  package var trajectory: TrajectoryPlan {
    configuration.trajectoryPlan(parameterCount: network.parameters.count)
  }

  /// The problem to train, distributed over the ranks of a grid.
  package func problem(on grid: ProcessGrid) -> ShardedProblem<Number> {
    ShardedProblem<Number>(
      network, examples: data.examples, schedule: schedule, loss: loss,
      shard: configuration.parallel.shard, grid: grid, summation: configuration.parallel.sums,
      compute: configuration.compute)
  }

  /// A tuner for this training, before its first window.
  package func tuner(
    _ problem: ShardedProblem<Number>, _ method: Method, _ mode: DifferentiationMode,
    shouldStop: @escaping StopQuestion
  ) -> Tuner<ShardedProblem<Number>> {
    Tuner(
      problem: problem, initialParameters: start.parameters,
      inner: configuration.inner.algorithm, hyperparameters: start.hyperparameters,
      outer: configuration.outerOptimizer, settings: configuration.tuningSettings(method, mode),
      estimation: HankelEstimation(configuration.dmd),
      coordinator: GridCoordinator(problem.grid), shouldStop: shouldStop)
  }

  private static func initialParameters(
    _ configuration: Configuration, of network: any DescribedModel
  ) throws -> [Number] {
    guard let path = configuration.initial.parameters else {
      return network.givenParameters(as: Number.self)
        ?? network.parameters.initialParameters(seed: configuration.seed, as: Number.self)
    }
    return try NetworkFile.read(path, network.parameters)
  }
}
