import Foundation

extension Onnx_TensorProto {
  /// Replaces the numbers of a floating-point tensor, which keeps its type.
  ///
  /// Each is rounded to the nearest number of the type.
  mutating func replaceNumbers(by values: [Double]) {
    floatData = []
    int32Data = []
    doubleData = []
    switch ElementType(code: Int(dataType)) {
    case .float64: rawData = Self.raw(values) { $0.bitPattern }
    case .float16: rawData = Self.raw(values) { Float16($0).bitPattern }
    case .bfloat16: rawData = Self.raw(values, Self.brainFloat)
    default: rawData = Self.raw(values) { Float($0).bitPattern }
    }
  }

  /// Half way between two numbers to the one whose last bit is 0.
  private static func brainFloat(_ value: Double) -> UInt16 {
    let bits = Float(value).bitPattern
    // Rounding up could make an infinite number of a NaN.
    if value.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16((UInt64(bits) + 0x7fff + UInt64(bits >> 16 & 1)) >> 16)
  }

  private static func raw<Bits: FixedWidthInteger>(
    _ values: [Double], _ bits: (Double) -> Bits
  ) -> Data {
    let words = values.map { bits($0).littleEndian }
    return words.withUnsafeBytes { Data($0) }
  }
}
