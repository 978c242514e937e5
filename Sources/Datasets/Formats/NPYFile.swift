/// A single array that NumPy has saved: `.npy`.
enum NPYFile {
  /// The array of a file.
  ///
  /// - Throws: `DatasetError` when it is no such file, or its length is not what its header says.
  static func array(_ path: String) throws(DatasetError) -> StoredArray {
    let file = try RegularFile(path)
    let header = try header(path) { count throws(DatasetError) in
      try file.bytes(at: 0, upTo: count)
    }
    return try ArrayShape.array(
      path: path, member: nil, type: header.type, shape: header.shape,
      available: file.size - header.length, source: .file(file, offset: header.length)
    ).loadedIfSmall()
  }

  /// The header of an array.
  ///
  /// - Parameters:
  ///   - name: how errors call the array.
  ///   - first: its first bytes, as many as there are.
  static func header(
    _ name: String, first: (_ count: Int) throws(DatasetError) -> [UInt8]
  ) throws(DatasetError) -> NPYHeader {
    guard let length = NPYHeader.length(of: try first(NPYHeader.prefix)) else {
      throw DatasetError(
        name, "is no array of NumPy's", remedy: "Save it with numpy.save or numpy.savez.")
    }
    let bytes = try first(length)
    guard bytes.count == length else {
      throw DatasetError(
        name, "is cut short: its header needs \(length) bytes, and there are \(bytes.count)",
        remedy: "Copy or save it again.")
    }
    return try NPYHeader(bytes, name: name)
  }
}
