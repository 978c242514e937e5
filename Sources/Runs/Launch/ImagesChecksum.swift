import Datasets
import Hypergradients
import Learning
import Storage

/// The checksum of images: what tells a run's own from others of the same sizes.
package enum ImagesChecksum {
  /// Over every byte that a network sees and every label, as read and split, whatever file they came from.
  package static func of(_ images: SplitImages) -> String {
    var sum = Checksum()
    for part in [images.training, images.validation, images.test] {
      for index in 0..<part.count { part.bytes(at: index).withUnsafeBytes { sum.add($0) } }
      let labels = (0..<part.count).map { UInt8(truncatingIfNeeded: part.label(at: $0)) }
      labels.withUnsafeBytes { sum.add($0) }
    }
    return sum.text
  }
}
