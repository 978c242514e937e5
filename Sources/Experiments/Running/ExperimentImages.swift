import Datasets
import Hypergradients
import Networks

/// The images of a configuration, split into what is trained on, validated on and tested on.
enum ExperimentImages {
  static func load(
    _ configuration: Configuration, folder: String?, network: some Network
  ) throws -> SplitImages {
    let train = Glyphs.images(.train)
    let test = Glyphs.images(.test)
    return SplitImages(
      training: train.selecting(0..<train.count - configuration.data.validation),
      validation: train.selecting(train.count - configuration.data.validation..<train.count),
      test: test)
  }
}
