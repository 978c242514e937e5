import Datasets
import Hypergradients
import Learning
import Storage

/// The checksums of examples and of an own model: what tells a run's own from others of the same sizes.
package enum DataChecksum {
  /// Over what a network sees and every label, as read and split, whatever file it came from.
  ///
  /// Of files too large for memory over samples; see `DataPart.addContent(_:)`.
  ///
  /// - Throws: `DatasetError` when a file cannot be read.
  package static func of(_ data: SplitData) throws(DatasetError) -> String {
    var sum = Checksum()
    for part in [data.training, data.validation, data.test] {
      try part.addContent { sum.add($0) }
    }
    return sum.text
  }

  /// Over all that a user's own model computes with; nil for the program's networks.
  package static func of(_ network: any Model) -> String? {
    guard let network = network as? GraphModel else { return nil }
    var sum = Checksum()
    network.graph.addContent { sum.add($0) }
    return sum.text
  }
}
