/// A grey image that strokes are drawn on: ink in [0, 1] per pixel.
///
/// Only additions, multiplications, divisions and square roots of IEEE 754 are used here and in
/// `GlyphPainter`, in a fixed order: the same bits on every machine, whatever its C library.
struct GlyphCanvas {
  static let side = 28
  static let length = side * side

  /// `[side, side]`, row by row.
  private(set) var ink = [Float](repeating: 0, count: length)

  mutating func clear(to level: Float) {
    for pixel in ink.indices { ink[pixel] = level }
  }

  /// Draws a segment with round ends: anti-aliased by the distance of pixel centres to the segment.
  ///
  ///     coverage = clamp(width / 2 + 1/2 − distance, 0, 1)
  ///
  /// Where strokes overlap the darker one counts. Only the segment's bounding box is visited.
  ///
  /// - Parameters:
  ///   - start: in pixels; the centre of the first pixel is (0, 0).
  ///   - width: in pixels.
  mutating func draw(
    from start: SIMD2<Float>, to end: SIMD2<Float>, width: Float, darkness: Float
  ) {
    forEachPixel(from: start, to: end, width: width) { pixel, coverage in
      pixel = max(pixel, coverage * darkness)
    }
  }

  /// Takes ink away along a segment, down to a level.
  mutating func erase(
    from start: SIMD2<Float>, to end: SIMD2<Float>, width: Float, level: Float
  ) {
    forEachPixel(from: start, to: end, width: width) { pixel, coverage in
      pixel += coverage * (level - pixel)
    }
  }

  @inline(__always)
  private mutating func forEachPixel(
    from start: SIMD2<Float>, to end: SIMD2<Float>, width: Float,
    _ body: (inout Float, Float) -> Void
  ) {
    let reach = width / 2 + 0.5
    let (left, right) = Self.span(start.x, end.x, reach)
    let (top, bottom) = Self.span(start.y, end.y, reach)
    guard left <= right, top <= bottom else { return }
    let (alongX, alongY) = (end.x - start.x, end.y - start.y)
    let square = alongX * alongX + alongY * alongY
    let scale: Float = square > 0 ? 1 / square : 0
    ink.withUnsafeMutableBufferPointer { ink in
      for y in top...bottom {
        for x in left...right {
          let (toX, toY) = (Float(x) - start.x, Float(y) - start.y)
          let along = min(max((toX * alongX + toY * alongY) * scale, 0), 1)
          let (offX, offY) = (toX - along * alongX, toY - along * alongY)
          let distance = offX * offX + offY * offY
          if distance < reach * reach {
            body(&ink[y * Self.side + x], min(reach - distance.squareRoot(), 1))
          }
        }
      }
    }
  }

  /// The rows or columns within reach of an interval; empty (first > last) where it is outside.
  private static func span(_ a: Float, _ b: Float, _ reach: Float) -> (Int, Int) {
    // Clamped before the conversion: far-away points must not overflow an Int.
    let low = min(max(min(a, b) - reach, -1), Float(side))
    let high = min(max(max(a, b) + reach, -1), Float(side))
    return (max(Int(low.rounded(.up)), 0), min(Int(high.rounded(.down)), side - 1))
  }
}
