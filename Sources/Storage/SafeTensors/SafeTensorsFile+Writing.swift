extension SafeTensorsFile {
  /// Writes tensors atomically as a safetensors file that PyTorch can load.
  ///
  /// `Float` is stored as F32 and `Double` as F64, without loss. The bytes of the file depend only
  /// on the arguments.
  ///
  /// - Parameter metadata: key–text pairs for `__metadata__`, in this order.
  /// - Throws: `FileError` if the disk is full or the folder is not writable; an existing file is
  ///   then unchanged.
  package static func write<Number: StoredNumber>(
    _ tensors: [NamedTensor<Number>], metadata: [(key: String, text: String)] = [],
    to path: String
  ) throws(FileError) {
    precondition(
      Set(tensors.map(\.name)).count == tensors.count,
      "two tensors of the same name among \(tensors.map(\.name))")
    let header = SafeTensorsHeader(
      layingOut: tensors.map { ($0.name, $0.shape, SafeTensorsType(of: Number.self)) },
      metadata: metadata.map { JSONValue.Member($0.key, .string($0.text)) })
    try AtomicFile.write(to: path) { piece throws(FileError) in
      try header.encoded.forEachPiece(piece)
      // Directly from the arrays' memory: all supported processors are little-endian.
      for tensor in tensors { try tensor.values.forEachPiece(piece) }
    }
  }
}
