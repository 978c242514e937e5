/// Rounding to bfloat16's 8 significant bits, to nearest, ties to even.
///
/// The results are stored in their original type and keep its exponent range: `Double` numbers
/// beyond the range of bfloat16 do not become infinite or zero.
extension Float {
  /// y ← x rounded; `y` may be `x`.
  public static func roundToBFloat16(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count {
      let bits = x[i].bitPattern
      let rounded = (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000
      // The addition may carry a NaN's mantissa into its exponent.
      y[i] = x[i].isNaN ? x[i] : Float(bitPattern: rounded)
    }
  }
}

extension Double {
  /// y ← x rounded; `y` may be `x`.
  public static func roundToBFloat16(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, count: Int
  ) {
    for i in 0..<count {
      let bits = x[i].bitPattern
      let rounded = (bits &+ 0xfff_ffff_ffff &+ (bits >> 45 & 1)) & ~0x1fff_ffff_ffff
      y[i] = x[i].isNaN ? x[i] : Double(bitPattern: rounded)
    }
  }
}
