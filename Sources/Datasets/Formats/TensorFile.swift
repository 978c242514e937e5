import Storage

/// Arrays in a safetensors file, as `safetensors.torch.save_file` writes it.
enum TensorFile {
  /// An array of a file.
  ///
  /// - Throws: `DatasetError` when it is no such file, does not have the array, or its length is wrong.
  static func array(_ path: String, _ name: String) throws(DatasetError) -> StoredArray {
    let file = try RegularFile(path)
    let length = try file.bytes(at: 0, upTo: 8)
    let size = length.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length.count == 8, size <= UInt64(SafeTensorsHeader.longest),
      Int(size) <= file.size - 8
    else {
      throw DatasetError(
        path, "is no safetensors file, or was cut short",
        remedy: "Save it with safetensors' save_file, or copy it again.")
    }
    let start = 8 + Int(size)
    let header: SafeTensorsHeader
    do throws(SafeTensorsError) {
      header = try SafeTensorsHeader(
        parsing: try Self.bytes(file, Int(size)), dataSize: file.size - start, path: path,
        types: SafeTensorsType.all)
    } catch {
      throw Self.error(error)
    }
    guard let entry = header.entries.first(where: { $0.name == name }) else {
      throw DatasetError.noMember(path, name, among: header.entries.map(\.name))
    }
    return try ArrayShape.array(
      path: path, member: name, type: ElementType(entry.type), shape: entry.shape,
      available: entry.bytes.count, source: .file(file, offset: start + entry.bytes.lowerBound)
    ).loadedIfSmall()
  }

  private static func bytes(_ file: RegularFile, _ count: Int) throws(SafeTensorsError) -> [UInt8] {
    do throws(DatasetError) {
      return try file.bytes(at: 8, upTo: count)
    } catch {
      throw SafeTensorsError(file.path, .badHeader(error.problem))
    }
  }

  private static func error(_ error: SafeTensorsError) -> DatasetError {
    let again = "Copy or save it again."
    return switch error.problem {
    case .truncated(let needed, let found):
      DatasetError(
        error.path, "is cut short: it needs \(needed) bytes and has \(found)", remedy: again)
    case .badHeader(let why):
      DatasetError(error.path, "is no safetensors file: \(why)", remedy: again)
    case .badEntry(let name, let why):
      DatasetError("\(error.path): \(name)", "has a wrong entry: \(why)", remedy: again)
    case .overlap(let name, let other):
      DatasetError(error.path, "gives \(other) and \(name) the same bytes", remedy: again)
    case .gap(let name, let bytes):
      DatasetError(
        error.path,
        "has \(bytes) bytes \(name.map { "before \($0)" } ?? "at its end") that belong to nothing",
        remedy: again)
    case .unsupportedType(let name, let type):
      DatasetError(
        "\(error.path): \(name)",
        "holds numbers of type \(type), and \(ElementType.list) are read",
        remedy: "Convert it and save it again.")
    default: DatasetError(error.path, "cannot be used (\(error))", remedy: again)
    }
  }
}

extension ElementType {
  /// What safetensors calls by another name.
  fileprivate init(_ type: SafeTensorsType) {
    self =
      switch type {
      case .float64: .float64
      case .float32: .float32
      case .float16: .float16
      case .bfloat16: .bfloat16
      case .int64: .int64
      case .int32: .int32
      case .uint32: .uint32
      case .int16: .int16
      case .uint16: .uint16
      case .int8: .int8
      case .uint8: .uint8
      case .bool: .bool
      }
  }
}

extension DatasetError {
  /// That a file does not have an array.
  static func noMember(_ path: String, _ name: String, among names: [String]) -> DatasetError {
    let shown = names.prefix(8).joined(separator: ", ")
    let rest = names.count > 8 ? " and \(names.count - 8) more" : ""
    return DatasetError(
      path, "has no \(name); it has \(names.isEmpty ? "nothing" : shown + rest)",
      remedies: [.nameMembers])
  }
}
