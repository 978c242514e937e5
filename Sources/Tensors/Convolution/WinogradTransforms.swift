/// Winograd's F(4×4, 3×3) (Lavin and Gray 2015) in one dimension, on vectors of 16 channels.
///
/// Four consecutive outputs of a kernel g of three taps over six inputs d are
///
///     y = Aᵀ [(G g) ⊙ (Bᵀ d)],
///
/// six multiplications instead of twelve. With ȳ the cotangent of y, that of g is Gᵀ [(Bᵀ d) ⊙ (A
/// ȳ)]. In two dimensions every matrix is applied from both sides.
enum WinogradTransforms {
  typealias Vector = SIMD16<Float>
  typealias Three = (Vector, Vector, Vector)
  typealias Four = (Vector, Vector, Vector, Vector)
  typealias Six = (Vector, Vector, Vector, Vector, Vector, Vector)

  /// Bᵀ d.
  @inline(__always)
  static func data(_ d: Six) -> Six {
    let (a, b) = (d.4 - 4 * d.2, d.3 - 4 * d.1)
    let (c, e) = (d.4 - d.2, 2 * (d.3 - d.1))
    return (4 * d.0 - 5 * d.2 + d.4, a + b, a - b, c + e, c - e, 4 * d.1 - 5 * d.3 + d.5)
  }

  /// G g.
  @inline(__always)
  static func kernel(_ g: Three) -> Six {
    let outer = (g.0 + g.2) * (-1 / 6)
    let inner = g.1 * (1 / 6)
    let (even, odd) = (g.0 * (1 / 24) + g.2 * (1 / 6), g.1 * (1 / 12))
    return (g.0 * 0.25, outer - inner, outer + inner, even + odd, even - odd, g.2)
  }

  /// Aᵀ m.
  @inline(__always)
  static func result(_ m: Six) -> Four {
    let (s, d) = (m.1 + m.2, m.1 - m.2)
    let (t, e) = (m.3 + m.4, m.3 - m.4)
    return (m.0 + s + t, d + 2 * e, s + 4 * t, d + 8 * e + m.5)
  }

  /// A ȳ.
  @inline(__always)
  static func resultAdjoint(_ y: Four) -> Six {
    let (s, t) = (y.0 + y.2, y.1 + y.3)
    let (u, v) = (y.0 + 4 * y.2, 2 * y.1 + 8 * y.3)
    return (y.0, s + t, s - t, u + v, u - v, y.3)
  }

  /// Gᵀ m.
  @inline(__always)
  static func kernelAdjoint(_ m: Six) -> Three {
    let (s, t) = ((m.1 + m.2) * (1 / 6), m.3 + m.4)
    let (d, e) = ((m.2 - m.1) * (1 / 6), (m.3 - m.4) * (1 / 12))
    return (m.0 * 0.25 - s + t * (1 / 24), d + e, t * (1 / 6) - s + m.5)
  }
}
