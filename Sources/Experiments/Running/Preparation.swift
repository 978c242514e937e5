import Datasets
import Hypergradients
import MessagePassing
import Networks
import Tensors

/// All that a training needs before the ranks are arranged: images, network, minibatches, loss, start.
struct Preparation<Number: Scalar & MessageElement> {
  let images: SplitImages
  let network: any Network
  let start: StartingPoint<Number>
  private let configuration: Configuration
  private let schedule: MinibatchSchedule
  private let loss: WeightedLoss?

  /// Loads and checks; a collective, which ends all ranks with one message where something is wrong.
  ///
  /// - Parameter folder: with one subfolder per data set.
  init(_ configuration: Configuration, data folder: String?, world: any Communicator) {
    let images = world.allOrNone { try ExperimentImages.load(configuration, folder: folder) }
    let network = world.allOrNone { try configuration.network.network(for: images.training) }
    schedule = world.allOrNone {
      try MinibatchSchedule(
        order: configuration.data.order, count: images.training.count,
        batch: configuration.inner.batch, seed: configuration.seed)
    }
    let loss = configuration.weightedLoss(classCount: network.classCount)
    start = world.allOrNone {
      StartingPoint<Number>(
        parameters: try Self.initialParameters(configuration, of: network),
        hyperparameters: configuration.startingHyperparameters(
          layers: network.parameters.layers.map(\.name),
          loss: try configuration.initialLossHyperparameters(classCount: network.classCount),
          lossNames: loss?.weighting.hyperparameterNames ?? []))
    }
    self.configuration = configuration
    self.images = images
    self.network = network
    self.loss = loss
  }

  /// What is trained, spread over the ranks of a grid.
  func problem(on grid: ProcessGrid) -> ImageProblem<Number> {
    ImageProblem<Number>(
      network, images: images, schedule: schedule, loss: loss,
      shard: configuration.parallel.shard, grid: grid, summation: configuration.parallel.sums,
      compute: configuration.compute)
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
