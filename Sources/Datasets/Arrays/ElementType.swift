/// What the numbers of an array in a file are.
public enum ElementType: String, CaseIterable, Sendable {
  /// Truth values, as bytes 0 and 1.
  case bool
  /// Bytes, such as pixels.
  case uint8
  /// Whole numbers from −128.
  case int8
  /// Whole numbers of 16 bits.
  case int16
  /// The same from 0 on.
  case uint16
  /// Whole numbers of 32 bits.
  case int32
  /// The same from 0 on.
  case uint32
  /// Whole numbers of 64 bits.
  case int64
  /// IEEE numbers of 16 bits.
  case float16
  /// The upper half of a `float32`.
  case bfloat16
  /// IEEE numbers of 32 bits.
  case float32
  /// IEEE numbers of 64 bits.
  case float64

  /// Bytes of a number.
  public var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .float64: 8
    }
  }

  /// Whether there is nothing behind the point.
  public var isInteger: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: false
    default: true
    }
  }

  /// The names, for a sentence.
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
