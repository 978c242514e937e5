import Datasets
import Hypergradients
import Learning
import Storage

/// The checksum of examples: what tells a run's own from others of the same sizes.
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
}
