/// The loops of a normalisation for `Float`: vectors of 16 channels.
public enum VectorNormalization: NormalizationLoops {
  /// The element type.
  public typealias Number = Float
  private typealias Vector = SIMD16<Float>

  /// See `NormalizationLoops`.
  public static func moments(
    _ g: NormalizationGeometry, _ x: UnsafePointer<Float>, _ a: UnsafeMutablePointer<Float>,
    _ b: UnsafeMutablePointer<Float>
  ) {
    forEachBlock(g) { block, start, step in
      let x = vectors(x + start)
      var (sum, square) = (Vector.zero, Vector.zero)
      for place in 0..<g.pixels {
        let pixel = place &* step
        let value = x[pixel]
        sum += value
        square.addProduct(value, value)
      }
      store(sum, a, block)
      store(square, b, block)
    }
  }

  /// See `NormalizationLoops`.
  public static func products(
    _ g: NormalizationGeometry, _ u: UnsafePointer<Float>, _ x: UnsafePointer<Float>,
    _ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>
  ) {
    forEachBlock(g) { block, start, step in
      let (u, x) = (vectors(u + start), vectors(x + start))
      var (sum, product) = (Vector.zero, Vector.zero)
      for place in 0..<g.pixels {
        let pixel = place &* step
        let value = u[pixel]
        sum += value
        product.addProduct(value, x[pixel])
      }
      store(sum, a, block)
      store(product, b, block)
    }
  }

  /// See `NormalizationLoops`.
  public static func patternedProducts(
    _ g: NormalizationGeometry, _ u: UnsafePointer<Float>, _ z: UnsafePointer<Float>,
    _ x: UnsafePointer<Float>, _ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>
  ) {
    let slope = Float(g.slope)
    forEachBlock(g) { block, start, step in
      let (u, z, x) = (vectors(u + start), vectors(z + start), vectors(x + start))
      var (sum, product) = (Vector.zero, Vector.zero)
      for place in 0..<g.pixels {
        let pixel = place &* step
        let value = patterned(u[pixel], z[pixel], slope)
        sum += value
        product.addProduct(value, x[pixel])
      }
      store(sum, a, block)
      store(product, b, block)
    }
  }

  /// See `NormalizationLoops`.
  public static func rectifiedAffine(
    _ g: NormalizationGeometry, _ x: UnsafePointer<Float>, _ z: UnsafeMutablePointer<Float>,
    _ p: UnsafePointer<Float>, _ q: UnsafePointer<Float>
  ) {
    let slope = Float(g.slope)
    forEachBlock(g) { block, start, step in
      let (x, z) = (vectors(x + start), mutableVectors(z + start))
      let (p, q) = (load(p, block), load(q, block))
      for place in 0..<g.pixels {
        let pixel = place &* step
        let y = q.addingProduct(p, x[pixel])
        z[pixel] = patterned(y, y, slope)
      }
    }
  }

  /// See `NormalizationLoops`.
  public static func patternedAffine(
    _ g: NormalizationGeometry, _ xTangent: UnsafePointer<Float>, _ x: UnsafePointer<Float>,
    _ z: UnsafePointer<Float>, _ zTangent: UnsafeMutablePointer<Float>,
    _ p: UnsafePointer<Float>, _ q: UnsafePointer<Float>, _ r: UnsafePointer<Float>
  ) {
    let slope = Float(g.slope)
    forEachBlock(g) { block, start, step in
      let (xTangent, x, z) = (vectors(xTangent + start), vectors(x + start), vectors(z + start))
      let zTangent = mutableVectors(zTangent + start)
      let (p, q, r) = (load(p, block), load(q, block), load(r, block))
      for place in 0..<g.pixels {
        let pixel = place &* step
        let y = r.addingProduct(q, x[pixel]).addingProduct(p, xTangent[pixel])
        zTangent[pixel] = patterned(y, z[pixel], slope)
      }
    }
  }

  /// See `NormalizationLoops`.
  public static func pullback(
    _ g: NormalizationGeometry, _ zCotangent: UnsafePointer<Float>, _ z: UnsafePointer<Float>,
    _ x: UnsafePointer<Float>, _ xCotangent: UnsafeMutablePointer<Float>,
    _ p: UnsafePointer<Float>, _ q: UnsafePointer<Float>, _ r: UnsafePointer<Float>,
    accumulate: Bool
  ) {
    let slope = Float(g.slope)
    forEachBlock(g) { block, start, step in
      let (u, z, x) = (vectors(zCotangent + start), vectors(z + start), vectors(x + start))
      let result = mutableVectors(xCotangent + start)
      let (p, q, r) = (load(p, block), load(q, block), load(r, block))
      for place in 0..<g.pixels {
        let pixel = place &* step
        let before = accumulate ? result[pixel] + r : r
        let value = patterned(u[pixel], z[pixel], slope)
        result[pixel] = before.addingProduct(q, x[pixel]).addingProduct(p, value)
      }
    }
  }

  /// See `NormalizationLoops`.
  public static func pullbackTangent(
    _ g: NormalizationGeometry, _ cotangents: NormalizationCotangents<Float>,
    _ x: UnsafePointer<Float>, _ xTangent: UnsafePointer<Float>,
    _ result: UnsafeMutablePointer<Float>, _ c: NormalizationCoefficients<Float>,
    accumulate: Bool
  ) {
    let slope = Float(g.slope)
    forEachBlock(g) { block, start, step in
      let u = vectors(cotangents.cotangent + start)
      let uTangent = vectors(cotangents.tangent + start)
      let (z, x) = (vectors(cotangents.output + start), vectors(x + start))
      let xTangent = vectors(xTangent + start)
      let result = mutableVectors(result + start)
      let (p, s, q) = (load(c.p, block), load(c.s, block), load(c.q, block))
      let (t, r) = (load(c.t, block), load(c.r, block))
      for place in 0..<g.pixels {
        let pixel = place &* step
        let before = accumulate ? result[pixel] + r : r
        let inner = (s * u[pixel]).addingProduct(p, uTangent[pixel])
        result[pixel] =
          before.addingProduct(q, x[pixel]).addingProduct(t, xTangent[pixel])
          + patterned(inner, z[pixel], slope)
      }
    }
  }

  // MARK: Vectors

  @inline(__always)
  private static func forEachBlock(
    _ g: NormalizationGeometry, _ body: (_ block: Int, _ start: Int, _ step: Int) -> Void
  ) {
    // A step is one vector in the blocked layout, `channels / 16` of them with channels last.
    let step = g.blocks.vectorStride
    for block in 0..<g.blocks.count { body(block, block * g.blocks.blockStride, step) }
  }

  @inline(__always)
  private static func patterned(_ u: Vector, _ z: Vector, _ slope: Float) -> Vector {
    (u * slope).replacing(with: u, where: z .> 0)
  }

  @inline(__always)
  private static func vectors(_ pointer: UnsafePointer<Float>) -> UnsafePointer<Vector> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: Vector.self)
  }

  @inline(__always)
  private static func mutableVectors(
    _ pointer: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Vector> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Vector.self)
  }

  @inline(__always)
  private static func load(_ pointer: UnsafePointer<Float>, _ block: Int) -> Vector {
    vectors(pointer)[block]
  }

  @inline(__always)
  private static func store(_ value: Vector, _ pointer: UnsafeMutablePointer<Float>, _ block: Int) {
    mutableVectors(pointer)[block] = value
  }
}
