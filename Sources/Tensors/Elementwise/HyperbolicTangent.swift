/// tanh x for whole buffers, without branches or calls, so that the loop vectorises.
///
/// With e = exp(2|x|) − 1, tanh |x| = e / (e + 2), which loses no digits near 0. To compute e,
/// write 2|x| = n log 2 + r with |r| ≤ log 2 / 2; then e = 2ⁿ (exp(r) − 1) + 2ⁿ − 1, and exp(r) − 1
/// is a Taylor polynomial whose remainder is below the last digit. Errors are within 4 units in the
/// last place.
enum HyperbolicTangent {
  /// y ← tanh x; y may be x.
  static func apply(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count {
      let size = x[i].magnitude
      // Above 10 the result rounds to 1; NaN passes through.
      let z = 2 * (size > 10 ? 10 : size)
      // Adding 1.5 · 2²³ rounds to integers, which are then in the lowest bits.
      let shifted = z * 1.442_695_04 + 12_582_912
      let n = shifted - 12_582_912
      // log 2 in two parts; n times the first, which has few digits, is exact.
      let r = (z - n * 0.693_359_375) + n * 2.121_944_4e-4
      var p: Float = 1 / 40320
      p = p * r + 1 / 5040
      p = p * r + 1 / 720
      p = p * r + 1 / 120
      p = p * r + 1 / 24
      p = p * r + 1 / 6
      p = p * r + 1 / 2
      p = p * r * r + r
      // The exponent bits of 2ⁿ are n + 127.
      let power = Float(bitPattern: (shifted.bitPattern &+ 127) << 23)
      let e = power * p + (power - 1)
      let result = e / (e + 2)
      y[i] = Float(signOf: x[i], magnitudeOf: result)
    }
  }

  /// y ← tanh x; y may be x.
  static func apply(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, count: Int
  ) {
    for i in 0..<count {
      let size = x[i].magnitude
      let z = 2 * (size > 20 ? 20 : size)
      let shifted = z * 1.442_695_040_888_963_4 + 6_755_399_441_055_744
      let n = shifted - 6_755_399_441_055_744
      let r = (z - n * 0.693_147_180_369_123_816_49) - n * 1.908_214_929_270_587_700_02e-10
      var p: Double = 1 / 6_227_020_800
      p = p * r + 1 / 479_001_600
      p = p * r + 1 / 39_916_800
      p = p * r + 1 / 3_628_800
      p = p * r + 1 / 362_880
      p = p * r + 1 / 40320
      p = p * r + 1 / 5040
      p = p * r + 1 / 720
      p = p * r + 1 / 120
      p = p * r + 1 / 24
      p = p * r + 1 / 6
      p = p * r + 1 / 2
      p = p * r * r + r
      let power = Double(bitPattern: (shifted.bitPattern &+ 1023) << 52)
      let e = power * p + (power - 1)
      let result = e / (e + 2)
      y[i] = Double(signOf: x[i], magnitudeOf: result)
    }
  }
}
