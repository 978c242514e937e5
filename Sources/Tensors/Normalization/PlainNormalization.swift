/// The loops of a normalisation for `Double`, element by element: the reference for the vectors.
public enum PlainNormalization: NormalizationLoops {
  /// The element type.
  public typealias Number = Double

  /// See `NormalizationLoops`.
  public static func moments(
    _ g: NormalizationGeometry, _ x: UnsafePointer<Double>, _ a: UnsafeMutablePointer<Double>,
    _ b: UnsafeMutablePointer<Double>
  ) {
    sums(g, a, b) { i in (x[i], x[i] * x[i]) }
  }

  /// See `NormalizationLoops`.
  public static func products(
    _ g: NormalizationGeometry, _ u: UnsafePointer<Double>, _ x: UnsafePointer<Double>,
    _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>
  ) {
    sums(g, a, b) { i in (u[i], u[i] * x[i]) }
  }

  /// See `NormalizationLoops`.
  public static func patternedProducts(
    _ g: NormalizationGeometry, _ u: UnsafePointer<Double>, _ z: UnsafePointer<Double>,
    _ x: UnsafePointer<Double>, _ a: UnsafeMutablePointer<Double>,
    _ b: UnsafeMutablePointer<Double>
  ) {
    sums(g, a, b) { i in
      let value = z[i] > 0 ? u[i] : g.slope * u[i]
      return (value, value * x[i])
    }
  }

  /// See `NormalizationLoops`.
  public static func rectifiedAffine(
    _ g: NormalizationGeometry, _ x: UnsafePointer<Double>, _ z: UnsafeMutablePointer<Double>,
    _ p: UnsafePointer<Double>, _ q: UnsafePointer<Double>
  ) {
    forEach(g) { i, c in
      let y = p[c] * x[i] + q[c]
      z[i] = y > 0 ? y : g.slope * y
    }
  }

  /// See `NormalizationLoops`.
  public static func patternedAffine(
    _ g: NormalizationGeometry, _ xTangent: UnsafePointer<Double>, _ x: UnsafePointer<Double>,
    _ z: UnsafePointer<Double>, _ zTangent: UnsafeMutablePointer<Double>,
    _ p: UnsafePointer<Double>, _ q: UnsafePointer<Double>, _ r: UnsafePointer<Double>
  ) {
    forEach(g) { i, c in
      let y = p[c] * xTangent[i] + q[c] * x[i] + r[c]
      zTangent[i] = z[i] > 0 ? y : g.slope * y
    }
  }

  /// See `NormalizationLoops`.
  public static func pullback(
    _ g: NormalizationGeometry, _ zCotangent: UnsafePointer<Double>, _ z: UnsafePointer<Double>,
    _ x: UnsafePointer<Double>, _ xCotangent: UnsafeMutablePointer<Double>,
    _ p: UnsafePointer<Double>, _ q: UnsafePointer<Double>, _ r: UnsafePointer<Double>,
    accumulate: Bool
  ) {
    forEach(g) { i, c in
      let value = z[i] > 0 ? zCotangent[i] : g.slope * zCotangent[i]
      xCotangent[i] = (accumulate ? xCotangent[i] : 0) + p[c] * value + q[c] * x[i] + r[c]
    }
  }

  /// See `NormalizationLoops`.
  public static func pullbackTangent(
    _ g: NormalizationGeometry, _ cotangents: NormalizationCotangents<Double>,
    _ x: UnsafePointer<Double>, _ xTangent: UnsafePointer<Double>,
    _ result: UnsafeMutablePointer<Double>, _ k: NormalizationCoefficients<Double>,
    accumulate: Bool
  ) {
    forEach(g) { i, c in
      let inner = k.p[c] * cotangents.tangent[i] + k.s[c] * cotangents.cotangent[i]
      let value = cotangents.output[i] > 0 ? inner : g.slope * inner
      result[i] =
        (accumulate ? result[i] : 0) + value + k.q[c] * x[i] + k.t[c] * xTangent[i] + k.r[c]
    }
  }

  @inline(__always)
  private static func forEach(
    _ g: NormalizationGeometry, _ body: (_ number: Int, _ channel: Int) -> Void
  ) {
    let blocks = g.blocks
    for c in 0..<g.channels {
      let start = c / ImageBlocks.width * blocks.blockStride + c % ImageBlocks.width
      for pixel in 0..<g.pixels { body(start + pixel * blocks.pixelStride, c) }
    }
  }

  @inline(__always)
  private static func sums(
    _ g: NormalizationGeometry, _ a: UnsafeMutablePointer<Double>,
    _ b: UnsafeMutablePointer<Double>, _ terms: (Int) -> (Double, Double)
  ) {
    for c in 0..<g.channels {
      a[c] = 0
      b[c] = 0
    }
    forEach(g) { i, c in
      let (first, second) = terms(i)
      a[c] += first
      b[c] += second
    }
  }
}
