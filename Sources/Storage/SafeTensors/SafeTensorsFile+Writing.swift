extension SafeTensorsFile {
  /// Writes tensors as a safetensors file that PyTorch loads, whole or not at all.
  ///
  /// `Float` is stored as F32, `Double` as F64: no bit is lost. The bytes of the file are a function
  /// of the arguments alone.
  ///
  /// - Parameter metadata: texts by key, in this order, under `__metadata__`.
  /// - Throws: `FileError` when the disk is full or the folder cannot be written; the name then
  ///   still holds what it held before.
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
      // From the arrays' own memory: all processors this runs on are little-endian.
      for tensor in tensors { try tensor.values.forEachPiece(piece) }
    }
  }
}
