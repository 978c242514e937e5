import Foundation

/// Small IDX files in a folder of their own, gone when it is.
final class TemporaryIDX {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "idx-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: "\(folder)/mnist", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Writes both parts of a set: `count` images whose bytes and labels are known.
  func writeSet(count: Int = 5) throws {
    for part in ["train", "t10k"] {
      try write("\(part)-images-idx3-ubyte", Self.images(count: count))
      try write("\(part)-labels-idx1-ubyte", Self.labels((0..<count).map { UInt8($0 % 10) }))
    }
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/mnist/\(name)"))
  }

  /// Compresses a file with the system's gzip.
  func compress(_ name: String) throws {
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", "\(folder)/mnist/\(name)"]
    try gzip.run()
    gzip.waitUntilExit()
  }

  /// Changes the bytes of a file.
  func edit(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
    let place = URL(fileURLWithPath: "\(folder)/mnist/\(name)")
    var bytes = [UInt8](try Data(contentsOf: place))
    change(&bytes)
    try Data(bytes).write(to: place)
  }

  static func images(count: Int, rows: Int = 28) -> [UInt8] {
    word(0x803) + word(count) + word(rows) + word(28)
      + (0..<count * rows * 28).map { UInt8(truncatingIfNeeded: $0 &* 7) }
  }

  static func labels(_ labels: [UInt8]) -> [UInt8] { word(0x801) + word(labels.count) + labels }

  private static func word(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
