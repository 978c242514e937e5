import Datasets
import Hypergradients
import Learning
import Runs
import Settings

/// The images of several trials: files are read once, and each seed splits them in its own way.
final class TrialImages {
  private let folder: String?
  private var sets: [DatasetName: (train: ImageSet, test: ImageSet)] = [:]
  private var latest: [(key: Key, images: SplitImages)] = []

  private struct Key: Equatable {
    let data: Configuration.Data
    let seed: UInt64
  }

  /// A few splits are kept: a group goes to and fro between the trials of a few seeds.
  private static let most = 4

  /// Images of the sets in a folder.
  init(folder: String?) { self.folder = folder }

  /// A whole set, read when it is first asked for.
  ///
  /// - Throws: `DatasetError` about a file.
  func set(_ data: Configuration.Data) throws -> (train: ImageSet, test: ImageSet) {
    let set = try sets[data.set] ?? data.set.load(folder: folder, allowsFewer: data.partial)
    sets[data.set] = set
    return set
  }

  /// The images of a configuration.
  ///
  /// - Throws: as `ExperimentImages.load` does.
  func images(of configuration: Configuration) throws -> SplitImages {
    let key = Key(data: configuration.data, seed: configuration.seed)
    if let known = latest.first(where: { $0.key == key }) { return known.images }
    let images = try ExperimentImages.split(set(configuration.data), configuration)
    latest = Array(([(key, images)] + latest).prefix(Self.most))
    return images
  }
}
