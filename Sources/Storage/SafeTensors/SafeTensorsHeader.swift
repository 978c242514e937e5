/// The element type of a stored tensor.
package enum SafeTensorsType: String, Sendable {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int64 = "I64"
  case int32 = "I32"
  case uint32 = "U32"
  case int16 = "I16"
  case uint16 = "U16"
  case int8 = "I8"
  case uint8 = "U8"
  case bool = "BOOL"

  /// What parameters are made of.
  package static let floatingPoint: Set<SafeTensorsType> = [
    .float64, .float32, .float16, .bfloat16,
  ]
  /// What data may be made of.
  package static let all: Set<SafeTensorsType> = floatingPoint.union(
    [.int64, .int32, .uint32, .int16, .uint16, .int8, .uint8, .bool])

  /// The type that stores a `Float` or `Double` without loss.
  package init<Number>(of number: Number.Type) {
    self = MemoryLayout<Number>.size == 8 ? .float64 : .float32
  }

  /// Bytes per element.
  package var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }
}

/// The header of a safetensors file: the position of each tensor.
///
/// Format (github.com/huggingface/safetensors): 8 bytes, little-endian, with the header's length;
/// the header, a JSON object `{"name": {"dtype": "F32", "shape": […], "data_offsets": [begin,
/// end]}}` with an optional `__metadata__` of strings, padded with spaces; the tensors' data,
/// row-major, little-endian, without gaps.
package struct SafeTensorsHeader {
  /// The format's own limit, so that a corrupt length cannot request all memory.
  package static let longest = 100_000_000

  package struct Entry: Equatable {
    package let name: String
    package let type: SafeTensorsType
    package let shape: [Int]
    /// The tensor's byte range after the header.
    package let bytes: Range<Int>
  }

  /// The entries, in the order of their data.
  package var entries: [Entry]
  package var metadata: [JSONValue.Member]

  /// Parses a header; `dataSize` is the number of bytes that follow it.
  ///
  /// - Parameter types: the types that are accepted.
  package init(
    parsing text: [UInt8], dataSize: Int, path: String,
    types: Set<SafeTensorsType> = SafeTensorsType.floatingPoint
  ) throws(SafeTensorsError) {
    let json: JSONValue
    do throws(JSONSyntaxError) {
      json = try JSONValue(parsing: text)
    } catch {
      throw SafeTensorsError(path, .badHeader("its header is not JSON (\(error))"))
    }
    guard let members = json.members else {
      throw SafeTensorsError(path, .badHeader("its header is not a JSON object"))
    }
    entries = []
    metadata = []
    for member in members {
      if member.key == "__metadata__" {
        guard let texts = member.value.members, texts.allSatisfy({ $0.value.string != nil }) else {
          throw SafeTensorsError(path, .badHeader("__metadata__ is not an object of texts"))
        }
        metadata = texts
      } else {
        entries.append(try Self.entry(member, types, path: path))
      }
    }
    entries.sort {
      ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
    }
    try Self.checkLayout(entries, dataSize: dataSize, headerSize: 8 + text.count, path: path)
  }

  /// Lays out tensors one after another.
  package init(
    layingOut tensors: [(name: String, shape: [Int], type: SafeTensorsType)],
    metadata: [JSONValue.Member]
  ) {
    self.metadata = metadata
    entries = []
    var position = 0
    for tensor in tensors {
      let end = position + tensor.shape.reduce(1, *) * tensor.type.size
      entries.append(
        Entry(name: tensor.name, type: tensor.type, shape: tensor.shape, bytes: position..<end))
      position = end
    }
  }

  /// The length and the header, padded so that the data starts at a multiple of 8 bytes.
  package var encoded: [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty { members.append(.init("__metadata__", .object(metadata))) }
    for entry in entries {
      members.append(
        .init(
          entry.name,
          [
            "dtype": .string(entry.type.rawValue),
            "shape": .array(entry.shape.map(JSONValue.integer)),
            "data_offsets": [.integer(entry.bytes.lowerBound), .integer(entry.bytes.upperBound)],
          ]))
    }
    var text = Array(JSONText.line(.object(members)).utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }

  private static func entry(
    _ member: JSONValue.Member, _ types: Set<SafeTensorsType>, path: String
  ) throws(SafeTensorsError) -> Entry {
    let name = member.key
    func wrong(_ why: String) -> SafeTensorsError {
      SafeTensorsError(path, .badEntry(tensor: name, why))
    }
    guard let typeName = member.value["dtype"]?.string else { throw wrong("it has no dtype") }
    guard let type = SafeTensorsType(rawValue: typeName), types.contains(type) else {
      throw SafeTensorsError(path, .unsupportedType(tensor: name, type: typeName))
    }
    guard let shapeValues = member.value["shape"]?.array else { throw wrong("it has no shape") }
    let shape = shapeValues.compactMap(\.int).filter { $0 >= 0 }
    guard shape.count == shapeValues.count else { throw wrong("its shape is no list of lengths") }
    guard let offsets = member.value["data_offsets"]?.array, offsets.count == 2,
      let begin = offsets[0].int, let end = offsets[1].int, begin >= 0, begin <= end
    else { throw wrong("its data_offsets are not two ascending numbers") }
    var size = type.size
    for length in shape {
      let product = size.multipliedReportingOverflow(by: length)
      guard !product.overflow else { throw wrong("its shape \(shape) is too large") }
      size = product.partialValue
    }
    guard end - begin == size else {
      throw wrong("shape \(shape) of \(typeName) needs \(size) bytes, it has \(end - begin)")
    }
    return Entry(name: name, type: type, shape: shape, bytes: begin..<end)
  }

  private static func checkLayout(
    _ entries: [Entry], dataSize: Int, headerSize: Int, path: String
  ) throws(SafeTensorsError) {
    var position = 0
    var previous = ""
    for entry in entries {
      if entry.bytes.lowerBound < position {
        throw SafeTensorsError(path, .overlap(tensor: entry.name, other: previous))
      }
      if entry.bytes.lowerBound > position {
        let gap = entry.bytes.lowerBound - position
        throw SafeTensorsError(path, .gap(before: entry.name, bytes: gap))
      }
      position = entry.bytes.upperBound
      previous = entry.name
    }
    if position > dataSize {
      throw SafeTensorsError(
        path, .truncated(needed: headerSize + position, found: headerSize + dataSize))
    }
    if position < dataSize {
      throw SafeTensorsError(path, .gap(before: nil, bytes: dataSize - position))
    }
  }
}
