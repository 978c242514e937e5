import CMPI

/// An element of a message: `Float`, `Double`, `Int32`, `Int64` or `UInt8`.
///
/// The set is closed, since MPI has to know each type. The two additions are protocol requirements
/// rather than generic functions, so callers in other modules reach a loop compiled for their type.
public protocol MessageElement: Numeric, Comparable, BitwiseCopyable, Sendable {
  /// The type's code in the C shim.
  static var messageTypeCode: Int32 { get }

  /// Adds in place: `target[i] += values[i]` for i in `0..<count`; the two must not overlap.
  static func add(
    _ values: UnsafePointer<Self>, to target: UnsafeMutablePointer<Self>, count: Int)

  /// Adds out of place: `target[i] = left[i] + right[i]` for i in `0..<count`.
  static func sum(
    _ left: UnsafePointer<Self>, _ right: UnsafePointer<Self>,
    into target: UnsafeMutablePointer<Self>, count: Int)
}

@inline(__always)
private func addElements<Number: AdditiveArithmetic>(
  _ values: UnsafePointer<Number>, to target: UnsafeMutablePointer<Number>, count: Int
) {
  for i in 0..<count { target[i] = target[i] + values[i] }
}

@inline(__always)
private func sumElements<Number: AdditiveArithmetic>(
  _ left: UnsafePointer<Number>, _ right: UnsafePointer<Number>,
  into target: UnsafeMutablePointer<Number>, count: Int
) {
  for i in 0..<count { target[i] = left[i] + right[i] }
}

extension Float: MessageElement {
  /// `MPI_FLOAT`.
  public static var messageTypeCode: Int32 { Int32(CMPI_FLOAT.rawValue) }

  /// See ``MessageElement/add(_:to:count:)``.
  public static func add(
    _ values: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int
  ) {
    addElements(values, to: target, count: count)
  }

  /// See ``MessageElement/sum(_:_:into:count:)``.
  public static func sum(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>, count: Int
  ) {
    sumElements(left, right, into: target, count: count)
  }
}

extension Double: MessageElement {
  /// `MPI_DOUBLE`.
  public static var messageTypeCode: Int32 { Int32(CMPI_DOUBLE.rawValue) }

  /// See ``MessageElement/add(_:to:count:)``.
  public static func add(
    _ values: UnsafePointer<Double>, to target: UnsafeMutablePointer<Double>, count: Int
  ) {
    addElements(values, to: target, count: count)
  }

  /// See ``MessageElement/sum(_:_:into:count:)``.
  public static func sum(
    _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>,
    into target: UnsafeMutablePointer<Double>, count: Int
  ) {
    sumElements(left, right, into: target, count: count)
  }
}

extension Int32: MessageElement {
  /// `MPI_INT32_T`.
  public static var messageTypeCode: Int32 { Int32(CMPI_INT32.rawValue) }

  /// See ``MessageElement/add(_:to:count:)``.
  public static func add(
    _ values: UnsafePointer<Int32>, to target: UnsafeMutablePointer<Int32>, count: Int
  ) {
    addElements(values, to: target, count: count)
  }

  /// See ``MessageElement/sum(_:_:into:count:)``.
  public static func sum(
    _ left: UnsafePointer<Int32>, _ right: UnsafePointer<Int32>,
    into target: UnsafeMutablePointer<Int32>, count: Int
  ) {
    sumElements(left, right, into: target, count: count)
  }
}

extension Int64: MessageElement {
  /// `MPI_INT64_T`.
  public static var messageTypeCode: Int32 { Int32(CMPI_INT64.rawValue) }

  /// See ``MessageElement/add(_:to:count:)``.
  public static func add(
    _ values: UnsafePointer<Int64>, to target: UnsafeMutablePointer<Int64>, count: Int
  ) {
    addElements(values, to: target, count: count)
  }

  /// See ``MessageElement/sum(_:_:into:count:)``.
  public static func sum(
    _ left: UnsafePointer<Int64>, _ right: UnsafePointer<Int64>,
    into target: UnsafeMutablePointer<Int64>, count: Int
  ) {
    sumElements(left, right, into: target, count: count)
  }
}

extension UInt8: MessageElement {
  /// `MPI_UINT8_T`.
  public static var messageTypeCode: Int32 { Int32(CMPI_UINT8.rawValue) }

  /// See ``MessageElement/add(_:to:count:)``.
  public static func add(
    _ values: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>, count: Int
  ) {
    addElements(values, to: target, count: count)
  }

  /// See ``MessageElement/sum(_:_:into:count:)``.
  public static func sum(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>,
    into target: UnsafeMutablePointer<UInt8>, count: Int
  ) {
    sumElements(left, right, into: target, count: count)
  }
}
