/// How convolutions and matrix products read their operands.
///
/// Everything else (parameters, tangents, sums, normalisation, losses) keeps the precision of
/// training, and so do the results of the products.
public enum ComputePrecision: String, CaseIterable, Sendable {
  /// As they are: in the precision of training.
  case full = "float32"
  /// Rounded to bfloat16: 8 binary digits, and the exponents of `Float`; products are exact then and
  /// their sums are accumulated in the precision of training.
  case bfloat16
}

/// What the processor, as oneDNN may use it, has for products of bfloat16 numbers.
public enum BFloat16Support: Sendable {
  /// A matrix unit (AMX).
  case matrixUnit
  /// Instructions on vectors (AVX-512 with bfloat16): twice the speed of float32.
  case vectors
  /// Nothing: operands are rounded and multiplied as float32.
  case rounding
}
