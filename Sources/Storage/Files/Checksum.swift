import CZlib

/// The CRC-32 of the bytes of a file, to tell a damaged one.
package struct Checksum: Equatable {
  /// How many characters `text` has.
  package static let length = 8
  /// What stands in a file in place of its own checksum while that is computed.
  package static let blank = String(repeating: "0", count: length)

  private var value: UInt = 0

  /// Of no bytes.
  package init() {}

  /// Goes on where `text` left off; nil when it is no checksum.
  package init?(_ text: String) {
    guard text.utf8.count == Self.length, let value = UInt(text, radix: 16) else { return nil }
    self.value = value
  }

  /// Takes further bytes in.
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
