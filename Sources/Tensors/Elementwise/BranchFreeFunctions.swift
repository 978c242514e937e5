import Foundation

// Elementary functions of one number without branches or calls, so that loops over them vectorise.
// Where they are exact to the last few units is said at `Scalar`; `HyperbolicTangent` explains the
// reduction of the exponential.

extension Float {
  /// See ``Scalar/branchFreeExponential(_:)``.
  @inlinable @inline(__always)
  public static func branchFreeExponential(_ x: Float) -> Float {
    // Beyond these the result is infinite, or 0; NaN passes through.
    let below: Float = x > 89 ? 89 : x
    let z: Float = below < -104 ? -104 : below
    let shifted = z * 1.442_695_04 + 12_582_912
    let n = shifted - 12_582_912
    let r = (z - n * 0.693_359_375) + n * 2.121_944_4e-4
    var p: Float = 1 / 5040
    p = p * r + 1 / 720
    p = p * r + 1 / 120
    p = p * r + 1 / 24
    p = p * r + 1 / 6
    p = p * r + 1 / 2
    p = p * r * r + r + 1
    // 2ⁿ in two factors: one alone would not reach the ends of the range.
    let power = Int32(bitPattern: shifted.bitPattern) &- 0x4B40_0000
    let half = power >> 1
    let first = Float(bitPattern: UInt32(bitPattern: (half &+ 127) << 23))
    let second = Float(bitPattern: UInt32(bitPattern: (power &- half &+ 127) << 23))
    return p * first * second
  }

  /// See ``Scalar/branchFreeErrorFunction(_:)``.
  ///
  /// Up to 1, x P(x²); beyond, 1 − exp Q(|x|) with Q near log erfc. Both polynomials are least squares
  /// at Chebyshev's points, by `scripts/reference/error_function.py`.
  @inlinable @inline(__always)
  public static func branchFreeErrorFunction(_ x: Float) -> Float {
    let size = x.magnitude
    let s = x * x
    var p: Float = 7.882_497_4e-5
    p = p * s - 8.018_855e-4
    p = p * s + 5.189_312e-3
    p = p * s - 2.685_433e-2
    p = p * s + 1.128_359_7e-1
    p = p * s - 3.761_262_6e-1
    p = p * s + 1.128_379_1
    let t: Float = size > 4 ? 4 : size
    var q: Float = 3.877_707_7e-7
    q = q * t - 2.722_089e-5
    q = q * t + 4.751_997_5e-4
    q = q * t - 4.320_642e-3
    q = q * t + 2.545_215_7e-2
    q = q * t - 1.087_403_8e-1
    q = q * t - 6.329_593_7e-1
    q = q * t - 1.129_696_8
    q = q * t + 2.111_655_6e-4
    let far = Float(signOf: x, magnitudeOf: 1 - branchFreeExponential(q))
    return size > 1 ? far : x * p
  }

  /// See ``Scalar/branchFreeNormal(_:)``.
  ///
  /// Φ(−|x|) = ½ exp(−t²) erfcx(t) with t = |x|/√2, where erfcx(t) is u P(u) with u = 1 / (1 + 0.45 t): the
  /// form of Abramowitz and Stegun 7.1.26, P by `scripts/reference/error_function.py`.
  @inlinable @inline(__always)
  public static func branchFreeNormal(_ x: Float) -> (distribution: Float, density: Float) {
    let e = branchFreeExponential(-x * x / 2)
    let u = 1 / (1 + 0.318_198_05 * x.magnitude)
    var p: Float = -2.682_266_3e-2
    p = p * u + 1.919_303e-1
    p = p * u - 4.865_396e-1
    p = p * u + 4.753_691_3e-1
    p = p * u - 1.324_474_2e-1
    p = p * u + 2.570_402_4e-1
    p = p * u + 2.119_792e-1
    p = p * u + 2.556_906_3e-1
    p = p * u + 2.538_002_7e-1
    let tail = e * u * p / 2
    return (x > 0 ? 1 - tail : tail, 3.989_422_8e-1 * e)
  }
}

extension Double {
  /// See ``Scalar/branchFreeExponential(_:)``.
  @inlinable @inline(__always)
  public static func branchFreeExponential(_ x: Double) -> Double {
    let below: Double = x > 710 ? 710 : x
    let z: Double = below < -746 ? -746 : below
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
    p = p * r * r + r + 1
    let power = Int64(bitPattern: shifted.bitPattern) &- 0x4338_0000_0000_0000
    let half = power >> 1
    let first = Double(bitPattern: UInt64(bitPattern: (half &+ 1023) << 52))
    let second = Double(bitPattern: UInt64(bitPattern: (power &- half &+ 1023) << 52))
    return p * first * second
  }

  /// `erf`: a call, since `Double` verifies.
  @inlinable @inline(__always)
  public static func branchFreeErrorFunction(_ x: Double) -> Double { erf(x) }

  /// By `erfc`: a call, since `Double` verifies.
  @inlinable @inline(__always)
  public static func branchFreeNormal(_ x: Double) -> (distribution: Double, density: Double) {
    (
      erfc(-x * 0.707_106_781_186_547_524_4) / 2,
      0.398_942_280_401_432_677_9 * branchFreeExponential(-x * x / 2)
    )
  }
}

extension Scalar {
  /// 1 / (1 + exp(−x)).
  @inlinable @inline(__always)
  public static func branchFreeSigmoid(_ x: Self) -> Self {
    1 / (1 + branchFreeExponential(-x))
  }

  /// tanh x = 2 / (1 + exp(−2x)) − 1, exact to a unit of 1: near 0 digits are lost, which a gate does
  /// not mind.
  @inlinable @inline(__always)
  public static func branchFreeTanh(_ x: Self) -> Self {
    2 / (1 + branchFreeExponential(-2 * x)) - 1
  }
}
