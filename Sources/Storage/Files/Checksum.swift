import CZlib

/// The CRC-32 of a file's bytes, to detect damage.
package struct Checksum: Equatable {
  /// The number of characters in `text`.
  package static let length = 8
  /// Replaces a file's own checksum while it is being computed.
  package static let blank = String(repeating: "0", count: length)

  private var value: UInt = 0

  /// The checksum of no bytes.
  package init() {}

  /// Continues from an earlier checksum's `text`; nil if it is not a checksum.
  package init?(_ text: String) {
    guard text.utf8.count == Self.length, let value = UInt(text, radix: 16) else { return nil }
    self.value = value
  }

  /// Adds further bytes to the checksum.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return }
    value = crc32_z(value, start.assumingMemoryBound(to: UInt8.self), bytes.count)
  }

  /// Eight hexadecimal digits.
  package var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, Self.length - digits.count)) + digits
  }
}
