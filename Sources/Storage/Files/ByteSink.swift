/// Where the bytes of a file go: to the disk, or to memory on their way to another rank.
package protocol ByteSink: AnyObject {
  /// Adds bytes; `kept` says what is safe should it fail.
  func write(_ bytes: UnsafeRawBufferPointer, kept: String) throws(FileError)

  /// Writes bytes over those at a position.
  func overwrite(_ bytes: [UInt8], at position: Int, kept: String) throws(FileError)
}

extension OutputFile: ByteSink {}

/// The bytes of a file that is not to be on a disk of this host.
package final class MemorySink: ByteSink {
  /// All bytes so far.
  package private(set) var bytes: [UInt8] = []

  package init(bytes: [UInt8] = []) {
    self.bytes = bytes
  }

  /// Adds bytes.
  package func write(_ bytes: UnsafeRawBufferPointer, kept: String) {
    self.bytes.append(contentsOf: bytes)
  }

  /// Writes bytes over those at a position.
  package func overwrite(_ bytes: [UInt8], at position: Int, kept: String) {
    self.bytes.replaceSubrange(position..<position + bytes.count, with: bytes)
  }
}
