/// Rounding to the nearest number with the 8 significant binary digits of bfloat16, ties to even.
///
/// The results are stored as they came. A number has the exponents of its own type: `Double` numbers
/// beyond those of bfloat16 do not become infinite or zero.
extension Float {
  /// y ← x rounded; `y` may be `x`.
  public static func roundToBFloat16(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count {
      let bits = x[i].bitPattern
      let rounded = (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000
      // The sum may carry a NaN's digits over its exponent.
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
