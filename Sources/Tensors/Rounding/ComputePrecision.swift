/// The precision in which convolutions and matrix products read their operands.
///
/// Everything else (parameters, tangents, sums, normalisation, losses) keeps the precision of
/// training, and so do the results of the products.
public enum ComputePrecision: String, CaseIterable, Sendable {
  /// Unrounded, in the precision of training.
  case full = "float32"
  /// Rounded to bfloat16: 8 significant bits and the exponent range of `Float`; products are then
  /// exact, and their sums are accumulated in the precision of training.
  case bfloat16
}

/// The processor's support for bfloat16 products, as available to oneDNN.
public enum BFloat16Support: Sendable {
  /// A matrix unit (AMX).
  case matrixUnit
  /// Vector instructions (AVX-512 with bfloat16): twice the speed of float32.
  case vectors
  /// None: operands are rounded and multiplied as float32.
  case rounding
}
