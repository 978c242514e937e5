import Foundation

/// How many elements there are; nil if there is a negative dimension or the number is out of bounds.
func elementCount(_ dimensions: [Int]) -> Int? {
  if dimensions.contains(where: { $0 < 0 }) { return nil }
  if dimensions.contains(0) { return 0 }
  var count = 1
  for dimension in dimensions {
    let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
    if overflow { return nil }
    count = product
  }
  return count
}

extension HostTensor {
  /// More axes than any tensor has.
  static var mostAxes: Int { 64 }

  /// Reads a tensor whose numbers are in the message.
  ///
  /// - Throws: a problem if the type is not read, or the numbers are not as many as the dimensions say;
  ///   no memory is taken before that is known.
  init(_ tensor: Onnx_TensorProto, named name: String) throws(ModelProblem) {
    let code = Int(tensor.dataType)
    guard let type = ElementType(code: code) else {
      throw ModelProblem(
        "the tensor \(name.shortened) is of the type \(ElementType.name(ofCode: code)), "
          + "which is not supported")
    }
    let dimensions = tensor.dims.map { Int($0) }
    guard dimensions.count <= Self.mostAxes, let count = elementCount(dimensions) else {
      throw ModelProblem(
        "the tensor \(name.shortened) has the impossible dimensions \(dimensions.prefix(64))")
    }
    guard !tensor.isExternal else {
      throw ModelProblem("the tensor \(name.shortened) is in another file, where it cannot be read")
    }
    let source = TensorNumbers(tensor, type)
    guard source.count == count else {
      throw ModelProblem(
        "the tensor \(name.shortened) has the dimensions \(dimensions), which makes \(count) "
          + "numbers of the type \(type.rawValue), but the file has \(source.found)")
    }
    guard let elements = source.elements else {
      throw ModelProblem("the tensor \(name.shortened) has numbers above 2^63 − 1")
    }
    self.init(type, dimensions, elements)
  }
}

extension Onnx_TensorProto {
  /// Whether the numbers are in a file beside the model.
  var isExternal: Bool { hasDataLocation && dataLocation == .external }
}

/// The numbers of a tensor as they are in a file: raw bytes, or in one of the fields for a type.
private struct TensorNumbers {
  let tensor: Onnx_TensorProto
  let type: ElementType

  init(_ tensor: Onnx_TensorProto, _ type: ElementType) {
    self.tensor = tensor
    self.type = type
  }

  /// How many numbers there are; nil if bytes are left over.
  var count: Int? {
    guard tensor.hasRawData else { return typedCount }
    let bytes = tensor.rawData.count
    return bytes % type.width == 0 ? bytes / type.width : nil
  }

  /// For a sentence.
  var found: String {
    tensor.hasRawData ? "\(tensor.rawData.count) bytes" : "\(typedCount)"
  }

  private var typedCount: Int {
    switch type {
    case .float32: tensor.floatData.count
    case .float64: tensor.doubleData.count
    case .int64: tensor.int64Data.count
    case .uint32, .uint64: tensor.uint64Data.count
    case .float16, .bfloat16, .int8, .int16, .int32, .uint8, .uint16, .bool:
      tensor.int32Data.count
    }
  }

  /// All numbers; nil if one does not fit into `Int64`.
  var elements: HostTensor.Elements? {
    tensor.hasRawData ? rawElements : typedElements
  }

  private var rawElements: HostTensor.Elements? {
    switch type {
    case .float32: .floats(raw(UInt32.self) { Double(Float(bitPattern: $0)) })
    case .float64: .floats(raw(UInt64.self) { Double(bitPattern: $0) })
    case .float16: .floats(raw(UInt16.self) { Double(Float16(bitPattern: $0)) })
    case .bfloat16: .floats(raw(UInt16.self, Self.brainFloat))
    case .int8: .integers(raw(UInt8.self) { Int64(Int8(bitPattern: $0)) })
    case .int16: .integers(raw(UInt16.self) { Int64(Int16(bitPattern: $0)) })
    case .int32: .integers(raw(UInt32.self) { Int64(Int32(bitPattern: $0)) })
    case .int64: .integers(raw(UInt64.self) { Int64(bitPattern: $0) })
    case .uint8: .integers(raw(UInt8.self) { Int64($0) })
    case .uint16: .integers(raw(UInt16.self) { Int64($0) })
    case .uint32: .integers(raw(UInt32.self) { Int64($0) })
    case .uint64: signed(raw(UInt64.self) { Int64(bitPattern: $0) })
    case .bool: .booleans(raw(UInt8.self) { $0 != 0 })
    }
  }

  private var typedElements: HostTensor.Elements? {
    switch type {
    case .float32: .floats(tensor.floatData.map { Double($0) })
    case .float64: .floats(tensor.doubleData)
    case .float16:
      .floats(
        tensor.int32Data.map { Double(Float16(bitPattern: UInt16(truncatingIfNeeded: $0))) })
    case .bfloat16:
      .floats(tensor.int32Data.map { Self.brainFloat(UInt16(truncatingIfNeeded: $0)) })
    case .int8: .integers(tensor.int32Data.map { Int64(Int8(truncatingIfNeeded: $0)) })
    case .int16: .integers(tensor.int32Data.map { Int64(Int16(truncatingIfNeeded: $0)) })
    case .int32: .integers(tensor.int32Data.map { Int64($0) })
    case .int64: .integers(tensor.int64Data)
    case .uint8: .integers(tensor.int32Data.map { Int64(UInt8(truncatingIfNeeded: $0)) })
    case .uint16: .integers(tensor.int32Data.map { Int64(UInt16(truncatingIfNeeded: $0)) })
    case .uint32: .integers(tensor.uint64Data.map { Int64(UInt32(truncatingIfNeeded: $0)) })
    case .uint64: signed(tensor.uint64Data.map { Int64(bitPattern: $0) })
    case .bool: .booleans(tensor.int32Data.map { $0 != 0 })
    }
  }

  private func signed(_ integers: [Int64]) -> HostTensor.Elements? {
    integers.contains { $0 < 0 } ? nil : .integers(integers)
  }

  private static func brainFloat(_ bits: UInt16) -> Double {
    Double(Float(bitPattern: UInt32(bits) << 16))
  }

  private func raw<Bits: FixedWidthInteger, Element>(
    _: Bits.Type, _ element: (Bits) -> Element
  ) -> [Element] {
    tensor.rawData.withUnsafeBytes { bytes in
      let width = MemoryLayout<Bits>.size
      return (0..<bytes.count / width).map {
        element(Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * width, as: Bits.self)))
      }
    }
  }
}
