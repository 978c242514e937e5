import Foundation

/// CIFAR-10 in name and form, with 100 training and 20 test images.
package enum SmallCIFAR {
  /// Files in the layout that `--data` expects.
  package static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("cifar-10"), withIntermediateDirectories: false)
    for (name, bytes) in files {
      try bytes.write(to: URL(fileURLWithPath: folder.path("cifar-10/\(name).bin")))
    }
    return folder
  }

  /// The same in every folder.
  private static let files = [("data_batch_1", 100), ("test_batch", 20)].map { name, count in
    (name, Data(records(count: count)))
  }

  /// A label, then 3072 bytes that say little about it.
  private static func records(count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for image in 0..<count {
      let label = image % 10
      bytes.append(UInt8(label))
      for place in 0..<3072 {
        bytes.append(
          UInt8(truncatingIfNeeded: label * 25 + (place * (image + 3)) % 97 + place / 41))
      }
    }
    return bytes
  }
}
