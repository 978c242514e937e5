import Foundation

/// Small files of arrays, as other programs write them.
package enum SmallArrays {
  /// An array by its name, with safetensors' name of its type and its bytes.
  package struct Part {
    package let name: String
    package let type: String
    package let shape: [Int]
    package let bytes: [UInt8]

    /// Numbers in a type of that name.
    package init<Number: BitwiseCopyable>(
      _ name: String, _ type: String, _ shape: [Int], _ numbers: [Number]
    ) {
      (self.name, self.type, self.shape) = (name, type, shape)
      bytes = numbers.withUnsafeBytes { Array($0) }
    }
  }

  /// The bytes of a safetensors file.
  package static func safetensors(_ parts: [Part]) -> [UInt8] {
    var position = 0
    var entries: [String] = []
    for part in parts {
      entries.append(
        #""\#(part.name)":{"dtype":"\#(part.type)","shape":\#(part.shape),"#
          + #""data_offsets":[\#(position),\#(position + part.bytes.count)]}"#)
      position += part.bytes.count
    }
    let header = Array("{\(entries.joined(separator: ","))}".utf8)
    let padded = header + Array(repeating: 0x20, count: (8 - header.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: padded.count >> (8 * $0)) } + padded
      + parts.flatMap(\.bytes)
  }

  /// The images and labels of `SmallIDX` as a safetensors file.
  package static func digits(count: Int) -> [UInt8] {
    let images = Array(SmallIDX.images(count: count).dropFirst(16))
    let labels = SmallIDX.labels(count: count).dropFirst(8).map { Int64($0) }
    return safetensors([
      Part("inputs", "U8", [count, 28, 28], images), Part("targets", "I64", [count], labels),
    ])
  }
}

extension TemporaryFolder {
  /// Writes a file.
  ///
  /// - Returns: its path.
  @discardableResult package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// Writes a text.
  ///
  /// - Returns: its path.
  @discardableResult package func write(_ name: String, text: String) throws -> String {
    try write(name, Array(text.utf8))
  }

  /// Writes a `.npy` file of bytes that are all zero but take no room on the disk.
  ///
  /// - Parameter length: bytes of a row.
  /// - Returns: its path.
  @discardableResult package func writeSparse(
    _ name: String, type: String = "|u1", shape: [Int], size: Int = 1
  ) throws -> String {
    let tuple = "(\(shape.map(String.init).joined(separator: ", ")),)"
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(tuple), }"
    while (header.utf8.count + 11) % 64 != 0 { header += " " }
    header += "\n"
    let start = [0x93] + Array("NUMPY".utf8) + [1, 0]
    let length = [UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)]
    try write(name, start + length + Array(header.utf8))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
    try file.truncate(
      atOffset: UInt64(10 + header.utf8.count + shape.reduce(1, *) * size))
    try file.close()
    return path(name)
  }
}
