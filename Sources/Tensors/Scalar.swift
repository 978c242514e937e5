import Foundation

/// The floating-point element type of tensors.
///
/// `Float` is for training; `Double` is for verification, with kernels that share nothing with
/// those of `Float`. The type is chosen once per run (`precision`), per tensor, never per element.
public protocol Scalar:
  BinaryFloatingPoint, SIMDScalar, LosslessStringConvertible, Codable, Sendable
where SIMDMaskScalar: FixedWidthInteger {
  /// The loops of group normalisation: vectors for `Float`, element by element for `Double`.
  associatedtype Normalization: NormalizationLoops<Self>

  /// The name in configurations and reports: `float` or `double`.
  static var precisionName: String { get }

  /// The exponential function.
  static func exponential(_ x: Self) -> Self

  /// The natural logarithm.
  static func logarithm(_ x: Self) -> Self

  /// x to the power of y.
  static func power(_ x: Self, _ y: Self) -> Self

  /// exp x within 2 units in the last place, inlined into loops that vectorise; 0 and ∞ beyond the
  /// range, NaN for NaN.
  static func branchFreeExponential(_ x: Self) -> Self

  /// erf x, inlined into loops that vectorise: within 3 units of 1 for `Float`, the C library's for
  /// `Double`.
  static func branchFreeErrorFunction(_ x: Self) -> Self

  /// The normal distribution Φ(x) and its density, with one exponential for both, inlined into loops
  /// that vectorise: for `Float` within 5·10⁻⁷ of Φ, relative to it also where it is small.
  static func branchFreeNormal(_ x: Self) -> (distribution: Self, density: Self)

  /// y ← tanh x for `count` elements, within a few units in the last place; y may be x.
  static func hyperbolicTangent(
    _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, count: Int)

  /// C ← α op(A) op(B) + β C for row-major matrices (BLAS `gemm`); see ``MatrixOperand``.
  static func matrixProduct(
    _ a: MatrixOperand<Self>, _ b: MatrixOperand<Self>, into c: UnsafeMutablePointer<Self>,
    rows: Int, columns: Int, inner: Int, accumulate: Bool)

  /// y ← x rounded to bfloat16's 8 significant bits, to nearest, ties to even; y may be x.
  static func roundToBFloat16(
    _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, count: Int)

  /// The convolution kernels of this type: oneDNN for `Float`, im2col and `dgemm` for `Double`.
  static func convolution(
    _ geometry: ConvolutionGeometry, compute: ComputePrecision
  ) -> any ConvolutionKernels<Self>
}

extension Float: Scalar {
  /// Vectors of 16 channels.
  public typealias Normalization = VectorNormalization
  /// `float`.
  public static var precisionName: String { "float" }
  /// `expf`.
  public static func exponential(_ x: Float) -> Float { exp(x) }
  /// `logf`.
  public static func logarithm(_ x: Float) -> Float { log(x) }
  /// `powf`.
  public static func power(_ x: Float, _ y: Float) -> Float { pow(x, y) }
  /// Vectorised.
  public static func hyperbolicTangent(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) { HyperbolicTangent.apply(x, into: y, count: count) }
}

extension Double: Scalar {
  /// Element by element.
  public typealias Normalization = PlainNormalization
  /// `double`.
  public static var precisionName: String { "double" }
  /// `exp`.
  public static func exponential(_ x: Double) -> Double { exp(x) }
  /// `log`.
  public static func logarithm(_ x: Double) -> Double { log(x) }
  /// `pow`.
  public static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
  /// Vectorised.
  public static func hyperbolicTangent(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, count: Int
  ) { HyperbolicTangent.apply(x, into: y, count: count) }
}
