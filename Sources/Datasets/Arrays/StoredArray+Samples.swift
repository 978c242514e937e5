extension StoredArray {
  /// Hands out bytes that tell whether an array is still the one it was.
  ///
  /// All bytes where they are in memory. Of a large file its size and 256 samples of 4096 bytes, evenly
  /// from the first byte of its numbers to the last: what has grown or was saved again is told, whenever
  /// it was; a change of a few numbers may not be.
  func addContent(_ add: (UnsafeRawBufferPointer) -> Void) throws(DatasetError) {
    let description = "\(type.rawValue) \(count) \(rowShape)"
    Array(description.utf8).withUnsafeBytes(add)
    switch source {
    case .memory(let block, let offset):
      let length = count == 0 ? 0 : (count - 1) * stride + rowBytes
      add(UnsafeRawBufferPointer(rebasing: block.bytes[offset..<offset + length]))
    case .file(let file, let offset):
      withUnsafeBytes(of: UInt64(file.size).littleEndian, add)
      let (samples, length) = (256, 4096)
      let all = (count - 1) * stride + rowBytes
      for sample in 0..<samples {
        let position = offset + (all - length) * sample / (samples - 1)
        let bytes = try file.bytes(at: position, upTo: length)
        bytes.withUnsafeBytes(add)
      }
    }
  }
}
