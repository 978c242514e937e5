import Foundation

/// MNIST in name and form, with 160 training and 20 test images of stripes.
package enum SmallIDX {
  /// Files in the layout that `--data` expects.
  package static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("mnist"), withIntermediateDirectories: false)
    for (name, bytes) in files {
      try bytes.write(to: URL(fileURLWithPath: folder.path("mnist/\(name)-ubyte")))
    }
    return folder
  }

  /// The same in every folder.
  private static let files = [("train", 160), ("t10k", 20)].flatMap { part, count in
    [
      ("\(part)-images-idx3", Data(images(count: count))),
      ("\(part)-labels-idx1", Data(labels(count: count))),
    ]
  }

  /// Magic number, count, height, width, pixels; big-endian.
  package static func images(count: Int) -> [UInt8] {
    [0, 0, 8, 3] + word(count) + word(28) + word(28)
      + (0..<count).flatMap { image in
        (0..<784).map { UInt8(truncatingIfNeeded: image % 10 * 25 + $0 * image % 7) }
      }
  }

  /// Magic number, count, labels 0 … 9 in turn.
  package static func labels(count: Int) -> [UInt8] {
    [0, 0, 8, 1] + word(count) + (0..<count).map { UInt8($0 % 10) }
  }

  private static func word(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
