import Datasets
import Hypergradients
import Learning
import Runs
import Settings

/// The examples and networks of several trials: files are read once, and each seed splits examples in
/// its own way.
final class TrialData {
  private let folder: String?
  private var sets: [(key: FileKey, whole: ExperimentData.Whole)] = []
  private var latest: [(key: Key, data: SplitData)] = []
  private var networks: [(key: NetworkKey, network: any DescribedModel)] = []

  private struct Key: Equatable {
    let data: Configuration.Data
    let seed: UInt64
  }

  private struct FileKey: Equatable {
    let data: Configuration.Data
    let takesImages: Bool
    let network: String?
  }

  /// What decides about a user's own model.
  private struct NetworkKey: Equatable {
    let file: FileKey
    let freeze: NamePatterns
    let train: NamePatterns
    let tie: Configuration.Tie
    let shard: Int
    let draws: Bool
    let task: Configuration.Task
    let function: WeightFunction
  }

  /// A few splits are kept: a group goes to and fro between the trials of a few seeds.
  private static let most = 4

  /// Data sets, those that the program knows in a folder.
  init(folder: String?) { self.folder = folder }

  /// A whole set, read when it is first asked for.
  ///
  /// - Throws: `DatasetError` about a file.
  func whole(_ configuration: Configuration) throws -> ExperimentData.Whole {
    let key = key(configuration)
    if let known = sets.first(where: { $0.key == key }) { return known.whole }
    let whole = try ExperimentData.whole(configuration, folder: folder)
    sets.append((key, whole))
    return whole
  }

  // Which network takes them decides what they are taken for.
  private func key(_ configuration: Configuration) -> FileKey {
    FileKey(
      data: configuration.data.files, takesImages: configuration.network.takesImages,
      network: configuration.network.path)
  }

  /// The network of a configuration; a user's own model is read when it is first asked for.
  ///
  /// - Throws: `RunError`, and what `whole` throws.
  func network(of configuration: Configuration) throws -> any DescribedModel {
    let train = try whole(configuration).train
    guard configuration.network.path != nil else { return try configuration.model(for: train) }
    let key = NetworkKey(
      file: key(configuration), freeze: configuration.networkFreeze,
      train: configuration.networkTrain, tie: configuration.networkTie,
      shard: configuration.parallel.shard, draws: configuration.initial.draw,
      task: configuration.task, function: configuration.reweighting.function)
    if let known = networks.first(where: { $0.key == key }) { return known.network }
    let network = try configuration.model(for: train)
    networks = Array(([(key, network)] + networks).prefix(Self.most))
    return network
  }

  /// The examples of a configuration.
  ///
  /// - Throws: as `ExperimentData.load` does.
  func data(of configuration: Configuration) throws -> SplitData {
    let key = Key(data: configuration.data, seed: configuration.seed)
    if let known = latest.first(where: { $0.key == key }) { return known.data }
    let data = try ExperimentData.split(whole(configuration), configuration)
    latest = Array(([(key, data)] + latest).prefix(Self.most))
    return data
  }
}

extension Configuration.Data {
  /// What decides which files are read, and how; all else as by default.
  fileprivate var files: Configuration.Data {
    var files = Configuration.Data()
    (files.set, files.partial) = (set, partial)
    (files.train, files.test, files.validationFile) = (train, test, validationFile)
    (files.trainTargets, files.testTargets) = (trainTargets, testTargets)
    (files.validationTargets, files.inputs, files.targets) = (validationTargets, inputs, targets)
    (files.classes, files.split) = (classes, split == .file ? .file : .random)
    if set == .text { (files.context, files.validation) = (context, validation) }
    return files
  }
}
