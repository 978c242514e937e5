import Datasets
import Hypergradients
import Learning
import Networks
import Settings

/// The images of a configuration, split into training, validation and test sets.
package enum ExperimentImages {
  /// Loads and splits the images.
  ///
  /// - Throws: `DatasetError` for a file, `SplitError` for a number of images.
  package static func load(_ configuration: Configuration, folder: String?) throws -> SplitImages {
    let data = configuration.data
    return try split(data.set.load(folder: folder, allowsFewer: data.partial), configuration)
  }

  /// Splits loaded images.
  ///
  /// - Throws: `SplitError` for a number of images.
  package static func split(
    _ images: (train: ImageSet, test: ImageSet), _ configuration: Configuration
  ) throws -> SplitImages {
    let data = configuration.data
    let split = try ImageSplit(
      images.train, validation: data.validation, kind: data.split, trainLimit: data.trainLimit,
      imbalance: data.imbalance, noise: data.labelNoise, seed: configuration.seed)
    return SplitImages(
      training: split.training, validation: split.validation, test: images.test,
      augmentation: Augmentation(flip: data.flip, crop: data.crop, seed: configuration.seed))
  }
}
