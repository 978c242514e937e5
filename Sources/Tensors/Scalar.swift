/// A floating-point type that tensors are made of.
///
/// `Float` trains; `Double` verifies, along kernels that have nothing in common with those of
/// `Float`. Which one a run uses is decided once (`precision`), per tensor, never per element.
public protocol Scalar:
  BinaryFloatingPoint, SIMDScalar, LosslessStringConvertible, Codable, Sendable
{
  /// The name in configurations and reports: `float` or `double`.
  static var precisionName: String { get }
}

extension Float: Scalar {
  /// `float`.
  public static var precisionName: String { "float" }
}

extension Double: Scalar {
  /// `double`.
  public static var precisionName: String { "double" }
}
