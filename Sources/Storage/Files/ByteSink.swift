/// The destination of a file's bytes: the disk, or memory on their way to another rank.
package protocol ByteSink: AnyObject {
  /// Appends bytes; `kept` says what is safe if that fails.
  func write(_ bytes: UnsafeRawBufferPointer, kept: String) throws(FileError)

  /// Overwrites the bytes at a position.
  func overwrite(_ bytes: [UInt8], at position: Int, kept: String) throws(FileError)
}

extension OutputFile: ByteSink {}

/// Collects the bytes of a file that is not written to a disk of this host.
package final class MemorySink: ByteSink {
  /// All bytes so far.
  package private(set) var bytes: [UInt8] = []

  package init(bytes: [UInt8] = []) {
    self.bytes = bytes
  }

  /// Appends bytes.
  package func write(_ bytes: UnsafeRawBufferPointer, kept: String) {
    self.bytes.append(contentsOf: bytes)
  }

  /// Overwrites the bytes at a position.
  package func overwrite(_ bytes: [UInt8], at position: Int, kept: String) {
    self.bytes.replaceSubrange(position..<position + bytes.count, with: bytes)
  }
}
