import Datasets
import Hypergradients
import Learning
import Storage

/// The checksum of images, which distinguishes a run's own from others of the same size.
package enum ImagesChecksum {
  /// Covers every byte that a network sees and every label, after reading and splitting, whatever
  /// the files.
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
