/// Looks over the bytes of a file before messages are made of them.
///
/// A message in a file may have two bytes, and the one in memory hundreds: a small file would take gigabytes.
/// The scan walks the fields of the messages that `onnx.proto` declares, makes nothing, and adds up what they
/// would take. It takes time in proportion to the file, and goes no deeper than the declarations.
struct WireScan {
  /// What stops the scan.
  struct Fault: Error, Equatable {
    /// The end of a sentence about the file.
    let text: String
  }

  /// Bytes that the messages would take in memory, without what arrays keep in reserve.
  private(set) var cost = 0
  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  /// Scans a file.
  ///
  /// - Throws: where a field does not fit into its message, or that the messages are too many for the file.
  init(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    self.bytes = bytes
    try scan(.model, end: bytes.count)
  }

  /// What is wrong with a file; nil if messages can be made of it.
  static func fault(in bytes: UnsafeRawBufferPointer) -> Fault? {
    do throws(Fault) {
      _ = try WireScan(bytes)
      return nil
    } catch {
      return error
    }
  }

  /// The most that the messages of a file may take.
  ///
  /// A file without weights and with short names takes about ten times its size, as nodes and attributes of
  /// some dozen bytes become structures of some hundred.
  static func limit(fileSize: Int) -> Int { 16 * fileSize + 64 << 20 }

  private mutating func scan(_ message: WireMessage, end: Int) throws(Fault) {
    while place < end {
      let start = place
      let tag = try varint(message, end)
      // The number of a field is from 1 to 2^29 − 1. There are no groups in this format (3 and 4).
      guard tag >> 3 > 0, tag >> 3 < 1 << 29, tag & 7 < 3 || tag & 7 == 5 else {
        guard message != .model else {
          throw Fault(
            text: "is damaged, or not an ONNX file: it is not a message of that format")
        }
        throw Self.fault(start, "\(message.name) goes on with something else than a field")
      }
      switch tag & 7 {
      case 0: _ = try varint(message, end)
      case 1: try skip(8, start, message, end)
      case 5: try skip(4, start, message, end)
      case 2:
        let length = try varint(message, end)
        guard length <= UInt64(end - place) else {
          throw Self.fault(
            start,
            "a field of \(message.name) is said to have \(length) bytes, but only \(end - place) "
              + "are left")
        }
        try scanField(Int(tag >> 3), of: message, count: Int(length))
      default: break
      }
    }
  }

  /// A field whose length was read and fits.
  private mutating func scanField(
    _ field: Int, of message: WireMessage, count: Int
  ) throws(Fault) {
    let end = place + count
    if let part = message.part(field) {
      cost += part.cost
      guard cost <= Self.limit(fileSize: bytes.count) else {
        throw Fault(
          text:
            "has too many small messages for its \(bytes.count) bytes: they would take more than "
            + "\(Self.limit(fileSize: bytes.count) >> 20) MB of memory")
      }
      try scan(part, end: end)
    } else {
      // Text and bytes: those of more than some bytes are objects of their own.
      cost += count > 14 ? count + 112 : 16
      place = end
    }
  }

  private mutating func skip(
    _ count: Int, _ start: Int, _ message: WireMessage, _ end: Int
  ) throws(Fault) {
    guard count <= end - place else {
      throw Self.fault(start, "\(message.name) ends within a number")
    }
    place += count
  }

  /// Reads a number of seven bits a byte.
  private mutating func varint(_ message: WireMessage, _ end: Int) throws(Fault) -> UInt64 {
    let start = place
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while place < end {
      let byte = bytes[place]
      place += 1
      // The tenth byte has one bit left.
      guard shift < 63 || byte <= 1 else {
        throw Self.fault(start, "\(message.name) has a number of more than 64 bits")
      }
      number |= UInt64(byte & 0x7f) << shift
      guard byte & 0x80 != 0 else { return number }
      shift += 7
    }
    throw Self.fault(start, "\(message.name) ends within a number")
  }

  private static func fault(_ place: Int, _ text: String) -> Fault {
    Fault(text: "is damaged, or not an ONNX file: at byte \(place), \(text)")
  }
}

/// The messages of `onnx.proto` that a file can hold many of.
private enum WireMessage {
  case model, opset, function, graph, node, attribute, tensor, entry, port, type, tensorType, shape
  case dimension

  /// For a sentence.
  var name: String {
    switch self {
    case .model: "the model"
    case .opset: "an operator set"
    case .function: "a function"
    case .graph: "the graph"
    case .node: "a node"
    case .attribute: "an attribute"
    case .tensor: "a tensor"
    case .entry: "a reference to external data"
    case .port: "an input or output"
    case .type, .tensorType: "the type of an input or output"
    case .shape, .dimension: "the shape of an input or output"
    }
  }

  /// Bytes in memory.
  var cost: Int {
    switch self {
    case .model: 0
    case .opset: MemoryLayout<Onnx_OperatorSetIdProto>.stride
    // With the sentence that it is not supported.
    case .function: MemoryLayout<Onnx_FunctionProto>.stride + 256
    case .graph: MemoryLayout<Onnx_GraphProto>.stride
    case .node: MemoryLayout<Onnx_NodeProto>.stride
    // With the object that holds the fields.
    case .attribute: MemoryLayout<Onnx_AttributeProto>.stride + 320
    case .tensor: MemoryLayout<Onnx_TensorProto>.stride
    case .entry: MemoryLayout<Onnx_StringStringEntryProto>.stride
    case .port: MemoryLayout<Onnx_ValueInfoProto>.stride
    case .type: MemoryLayout<Onnx_TypeProto>.stride
    case .tensorType: MemoryLayout<Onnx_TypeProto.Tensor>.stride
    case .shape: MemoryLayout<Onnx_TensorShapeProto>.stride
    case .dimension: MemoryLayout<Onnx_TensorShapeProto.Dimension>.stride
    }
  }

  /// The message that a field holds; nil for text, bytes, packed numbers and what is not declared.
  func part(_ field: Int) -> WireMessage? {
    switch (self, field) {
    case (.model, 7): .graph
    case (.model, 8): .opset
    case (.model, 25): .function
    case (.graph, 1): .node
    case (.graph, 5): .tensor
    case (.graph, 11), (.graph, 12): .port
    case (.node, 5): .attribute
    case (.attribute, 5): .tensor
    case (.tensor, 13): .entry
    case (.port, 2): .type
    case (.type, 1): .tensorType
    case (.tensorType, 2): .shape
    case (.shape, 1): .dimension
    default: nil
    }
  }
}
