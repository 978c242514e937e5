/// Group normalisation (Wu and He 2018) followed by a leaky rectifier, and its derivatives.
///
/// With sums over a group of one image (M elements), x̂ = r (x − μ), m the rectifier's derivative,
/// u = m z̄ and k = mean(x̂ ẋ):
///
///     μ = Σx/M,  r = 1/√(Σx²/M − μ² + ε),  z = m (γ x̂ + β)
///     ż = m (γ x̂̇ + γ̇ x̂ + β̇),  x̂̇ = r (ẋ − μ̇ − k x̂),  ṙ = −r² k
///     β̄ = Σu,  γ̄ = Σu x̂,  x̄ = r (γu − m₁ − m₂ x̂),  m₁ = mean(γu),  m₂ = mean(γu x̂)
///
/// and the tangents of the last line by the product rule. All of it is affine in the pixels with
/// per-channel coefficients: ``NormalizationLoops`` iterates over the pixels, this type over the
/// groups, in double precision.
public final class GroupNormalization<Number: Scalar> {
  /// The sizes.
  public let geometry: NormalizationGeometry
  private typealias Loops = Number.Normalization
  /// `[batch, groups]`: μ and r and, along the current direction, μ̇ and k.
  private var means, scales, meanTangents, correlations: [Double]
  /// `[batch, channels]`: Σu and Σu x of the last pullback.
  private let sums, products: Buffer<Number>
  private let rows: Buffer<Number>

  /// Creates a normalisation and allocates its statistics.
  public init(_ geometry: NormalizationGeometry) {
    self.geometry = geometry
    let empty = [Double](repeating: 0, count: geometry.batch * geometry.groups)
    (means, scales, meanTangents, correlations) = (empty, empty, empty, empty)
    sums = Buffer(count: geometry.batch * geometry.channels)
    products = Buffer(count: geometry.batch * geometry.channels)
    rows = Buffer(count: 8 * geometry.channels)
  }

  /// z ← rectified(γ x̂ + β).
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public func value(
    _ x: UnsafePointer<Number>, weight: UnsafePointer<Number>, bias: UnsafePointer<Number>,
    into z: UnsafeMutablePointer<Number>
  ) {
    let g = geometry
    let (a, b, p, q) = (row(0), row(1), row(2), row(3))
    for image in 0..<g.batch {
      let start = image * g.imageCount
      Loops.moments(g, x + start, a, b)
      forEachGroup(image) { place, channels in
        let mean = total(a, channels) / Double(g.groupCount)
        let variance = total(b, channels) / Double(g.groupCount) - mean * mean
        let scale = 1 / (max(0, variance) + g.epsilon).squareRoot()
        means[place] = mean
        scales[place] = scale
        for c in channels {
          let slope = Double(weight[c]) * scale
          p[c] = Number(slope)
          q[c] = Number(Double(bias[c]) - slope * mean)
        }
      }
      Loops.rectifiedAffine(g, x + start, z + start, p, q)
    }
  }

  /// ż along ẋ, γ̇, β̇.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public func tangent(
    _ x: UnsafePointer<Number>, _ z: UnsafePointer<Number>, xTangent: UnsafePointer<Number>,
    weight: (value: UnsafePointer<Number>, tangent: UnsafePointer<Number>),
    biasTangent: UnsafePointer<Number>, into zTangent: UnsafeMutablePointer<Number>
  ) {
    let g = geometry
    let (a, b, p, q, r) = (row(0), row(1), row(2), row(3), row(4))
    for image in 0..<g.batch {
      let start = image * g.imageCount
      Loops.products(g, xTangent + start, x + start, a, b)
      forEachGroup(image) { place, channels in
        let (mean, scale) = (means[place], scales[place])
        let meanTangent = total(a, channels) / Double(g.groupCount)
        let correlation =
          scale * (total(b, channels) / Double(g.groupCount) - mean * meanTangent)
        meanTangents[place] = meanTangent
        correlations[place] = correlation
        for c in channels {
          let slope = Double(weight.value[c]) * scale
          let inX = scale * (Double(weight.tangent[c]) - slope * correlation)
          p[c] = Number(slope)
          q[c] = Number(inX)
          r[c] = Number(Double(biasTangent[c]) - slope * meanTangent - inX * mean)
        }
      }
      Loops.patternedAffine(
        g, xTangent + start, x + start, z + start, zTangent + start, p, q, r)
    }
  }

  /// x̄, γ̄ and β̄ from z̄; γ̄ and β̄ are overwritten, x̄ is accumulated if `accumulate`.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public func pullback(
    _ x: UnsafePointer<Number>, _ z: UnsafePointer<Number>, zCotangent: UnsafePointer<Number>,
    weight: UnsafePointer<Number>,
    into gradients: NormalizationGradients<Number>, accumulate: Bool
  ) {
    let g = geometry
    let (p, q, r) = (row(2), row(3), row(4))
    gradients.clear(channels: g.channels)
    for image in 0..<g.batch {
      let start = image * g.imageCount
      let (a, b) = (sums.pointer + image * g.channels, products.pointer + image * g.channels)
      Loops.patternedProducts(g, zCotangent + start, z + start, x + start, a, b)
      forEachGroup(image) { place, channels in
        let (mean, scale) = (means[place], scales[place])
        var (m1, m2) = (0.0, 0.0)
        for c in channels {
          let alongX = scale * (Double(b[c]) - mean * Double(a[c]))
          gradients.bias[c] += a[c]
          gradients.weight[c] += Number(alongX)
          m1 += Double(weight[c]) * Double(a[c]) / Double(g.groupCount)
          m2 += Double(weight[c]) * alongX / Double(g.groupCount)
        }
        for c in channels {
          p[c] = Number(scale * Double(weight[c]))
          q[c] = Number(-scale * scale * m2)
          r[c] = Number(scale * (scale * mean * m2 - m1))
        }
      }
      Loops.pullback(
        g, zCotangent + start, z + start, x + start, gradients.input + start, p, q, r,
        accumulate: accumulate)
    }
  }

  /// The tangents of `pullback`; call after `tangent` and `pullback` with the same values.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public func pullbackTangent(
    _ x: (value: UnsafePointer<Number>, tangent: UnsafePointer<Number>),
    _ cotangents: NormalizationCotangents<Number>,
    weight: (value: UnsafePointer<Number>, tangent: UnsafePointer<Number>),
    into gradients: NormalizationGradients<Number>, accumulate: Bool
  ) {
    let g = geometry
    let (a1, b1, unused, b2) = (row(0), row(1), row(2), row(3))
    let k = (p: row(4), s: row(5), q: row(6), t: row(7))
    gradients.clear(channels: g.channels)
    for image in 0..<g.batch {
      let start = image * g.imageCount
      let z = cotangents.output + start
      let (a0, b0) = (sums.pointer + image * g.channels, products.pointer + image * g.channels)
      Loops.patternedProducts(g, cotangents.tangent + start, z, x.value + start, a1, b1)
      Loops.patternedProducts(g, cotangents.cotangent + start, z, x.tangent + start, unused, b2)
      // The constants come last, overwriting sums that are no longer needed.
      let constant = unused
      forEachGroup(image) { place, channels in
        let group = GroupTangent(
          mean: means[place], scale: scales[place], meanTangent: meanTangents[place],
          correlation: correlations[place], count: Double(g.groupCount))
        var moments = (m1: 0.0, m2: 0.0, m1Tangent: 0.0, m2Tangent: 0.0)
        for c in channels {
          let (w, wTangent) = (Double(weight.value[c]), Double(weight.tangent[c]))
          let along = group.sums(
            Double(a0[c]), Double(b0[c]), Double(a1[c]), Double(b1[c]), Double(b2[c]))
          gradients.bias[c] += a1[c]
          gradients.weight[c] += Number(along.tangent)
          moments.m1 += w * Double(a0[c])
          moments.m2 += w * along.value
          moments.m1Tangent += wTangent * Double(a0[c]) + w * Double(a1[c])
          moments.m2Tangent += wTangent * along.value + w * along.tangent
        }
        let inputs = group.coefficients(moments)
        for c in channels {
          let (w, wTangent) = (Double(weight.value[c]), Double(weight.tangent[c]))
          k.p[c] = Number(group.scale * w)
          k.s[c] = Number(group.scaleTangent * w + group.scale * wTangent)
          k.q[c] = Number(inputs.value)
          k.t[c] = Number(inputs.tangent)
          constant[c] = Number(inputs.constant)
        }
      }
      Loops.pullbackTangent(
        g,
        NormalizationCotangents(
          cotangent: cotangents.cotangent + start, tangent: cotangents.tangent + start, output: z),
        x.value + start, x.tangent + start, gradients.input + start,
        NormalizationCoefficients(p: k.p, s: k.s, q: k.q, t: k.t, r: constant),
        accumulate: accumulate)
    }
  }

  @inline(__always)
  private func row(_ i: Int) -> UnsafeMutablePointer<Number> {
    rows.pointer + i * geometry.channels
  }

  @inline(__always)
  private func forEachGroup(_ image: Int, _ body: (_ place: Int, _ channels: Range<Int>) -> Void) {
    let width = geometry.groupChannels
    for group in 0..<geometry.groups {
      body(image * geometry.groups + group, group * width..<(group + 1) * width)
    }
  }

  @inline(__always)
  private func total(_ x: UnsafePointer<Number>, _ channels: Range<Int>) -> Double {
    channels.reduce(0) { $0 + Double(x[$1]) }
  }
}

/// The results of a normalisation's pullback.
public struct NormalizationGradients<Number: Scalar> {
  let input, weight, bias: UnsafeMutablePointer<Number>

  /// Creates results in these buffers: x̄ `[batch, …]`, γ̄ and β̄ `[channels]`.
  public init(
    input: UnsafeMutablePointer<Number>, weight: UnsafeMutablePointer<Number>,
    bias: UnsafeMutablePointer<Number>
  ) {
    self.input = input
    self.weight = weight
    self.bias = bias
  }

  @inline(__always)
  func clear(channels: Int) {
    for c in 0..<channels {
      weight[c] = 0
      bias[c] = 0
    }
  }
}

/// One group of one image along one direction: the arithmetic of the pullback's tangent.
private struct GroupTangent {
  let mean, scale, meanTangent, correlation, count: Double

  /// ṙ.
  var scaleTangent: Double { -scale * scale * correlation }

  /// Σu x̂ of a channel and its tangent, from Σu, Σu x, Σu̇, Σu̇ x and Σu ẋ.
  func sums(
    _ u: Double, _ ux: Double, _ uTangent: Double, _ uTangentX: Double, _ uXTangent: Double
  ) -> (value: Double, tangent: Double) {
    let value = scale * (ux - mean * u)
    let moved = scale * (uTangentX - mean * uTangent)
    let carried = scale * (uXTangent - meanTangent * u - correlation * value)
    return (value, moved + carried)
  }

  /// The coefficients of x and ẋ and the constant in x̄̇, from the sums of γu, γu x̂ and their
  /// tangents over the group.
  func coefficients(
    _ sums: (m1: Double, m2: Double, m1Tangent: Double, m2Tangent: Double)
  ) -> (value: Double, tangent: Double, constant: Double) {
    let (m1, m2) = (sums.m1 / count, sums.m2 / count)
    let (m1Tangent, m2Tangent) = (sums.m1Tangent / count, sums.m2Tangent / count)
    let ofNormalizedTangent = -scale * m2
    let ofNormalized =
      -scaleTangent * m2 - scale * m2Tangent - ofNormalizedTangent * scale * correlation
    return (
      ofNormalized * scale, ofNormalizedTangent * scale,
      -scaleTangent * m1 - scale * m1Tangent - ofNormalizedTangent * scale * meanTangent
        - ofNormalized * scale * mean
    )
  }
}
