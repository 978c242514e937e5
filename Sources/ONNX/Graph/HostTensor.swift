/// The type of a tensor's elements in a file.
public enum ElementType: String, Hashable, Sendable {
  case float32, float64, float16, bfloat16
  case int8, int16, int32, int64, uint8, uint16, uint32, uint64
  case bool

  /// Whether it is one of the floating-point types.
  public var isFloat: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16: true
    default: false
    }
  }
}

/// A tensor whose elements are known when the model is recorded: a weight, a constant, or a shape that
/// was computed from the size of the batch.
public struct HostTensor: Equatable, Sendable {
  /// The elements, row-major.
  public enum Elements: Equatable, Sendable {
    /// Of any floating-point type.
    case floats([Double])
    /// Of any type of whole numbers.
    case integers([Int64])
    /// Truth values.
    case booleans([Bool])
  }

  /// The type in the file, or the type that an operator gives.
  public var type: ElementType
  /// The length of every axis; `[]` is a single number.
  public var dimensions: [Int]
  /// As many as the product of the dimensions.
  public var elements: Elements

  /// A tensor.
  public init(_ type: ElementType, _ dimensions: [Int], _ elements: Elements) {
    self.type = type
    self.dimensions = dimensions
    self.elements = elements
  }

  /// How many elements.
  public var count: Int { dimensions.reduce(1, *) }
}
