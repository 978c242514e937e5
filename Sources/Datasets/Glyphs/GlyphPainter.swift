import Tensors

/// Paints glyph number `index` of a seed: shape, warp, strokes, clutter, noise.
///
/// All that is random in an image comes from its own `RandomStream`, so any image can be painted
/// alone. The order of the draws is part of what a seed means: changing it changes every image.
struct GlyphPainter {
  private var canvas = GlyphCanvas()
  private var points: [SIMD2<Float>] = []

  /// Paints one glyph.
  ///
  /// - Parameters:
  ///   - index: the number of the image, from 0: the step of its random stream.
  ///   - pixels: `GlyphCanvas.length` bytes.
  /// - Returns: the label.
  mutating func paint(
    seed: UInt64, index: Int, into pixels: UnsafeMutablePointer<UInt8>
  ) -> UInt8 {
    var random = RandomStream(seed: seed, purpose: .glyphs, step: index)
    let label = random.integer(below: GlyphShape.classes.count)
    let shape = GlyphShape.classes[label]
    let background = random.between(0, 0.15)
    canvas.clear(to: background)

    let warp = GlyphWarp(&random)
    points.removeAll(keepingCapacity: true)
    for point in shape.points {
      points.append(warp.pixel(point + random.offset(Difficulty.jitter)))
    }
    drawStrokes(of: shape, &random)
    drawStrayStrokes(&random)
    if random.between(0, 1) < Difficulty.occluded {
      eraseBar(level: background, &random)
    }
    develop(into: pixels, &random)
    return UInt8(label)
  }

  private mutating func drawStrokes(of shape: GlyphShape, _ random: inout RandomStream) {
    let width = random.between(1.2, 3.0)
    let darkness = random.between(0.45, 1)
    for stroke in shape.strokes {
      let start = points[stroke.start]
      let end = points[stroke.end]
      let bow = random.offset(Difficulty.bow)
      let control = stroke.control.map { points[$0] } ?? (start + end) / 2 + bow
      // A quadratic Bézier curve as a polyline: at most 0.1 pixel off at this size.
      let pieces = stroke.control == nil ? 4 : 7
      var previous = start
      for piece in 1...pieces {
        let t = Float(piece) / Float(pieces)
        let s = 1 - t
        let next = (start * (s * s) + control * (2 * s * t)) + end * (t * t)
        canvas.draw(from: previous, to: next, width: width, darkness: darkness)
        previous = next
      }
    }
  }

  /// Short strokes that belong to no glyph.
  private mutating func drawStrayStrokes(_ random: inout RandomStream) {
    for _ in 0..<random.integer(below: Difficulty.strayStrokes + 1) {
      let start = SIMD2(random.between(0, 27), random.between(0, 27))
      let end = start + random.offset(8)
      canvas.draw(
        from: start, to: end, width: random.between(1, 2.5), darkness: random.between(0.3, 0.9))
    }
  }

  /// A bar across the middle part of the image, in the background's grey.
  private mutating func eraseBar(level: Float, _ random: inout RandomStream) {
    let middle = SIMD2(random.between(6, 21), random.between(6, 21))
    let half = random.offset(12)
    canvas.erase(
      from: middle - half, to: middle + half, width: random.between(2, 5), level: level)
  }

  /// Ink to bytes, with noise: the sum of four uniform bytes per pixel is near enough to normal.
  private func develop(into pixels: UnsafeMutablePointer<UInt8>, _ random: inout RandomStream) {
    // Four bytes have the variance 4 (256² − 1) / 12: deviation 147.8.
    let noise = random.between(Difficulty.leastNoise, Difficulty.mostNoise) * (255 / 147.8)
    for pixel in 0..<GlyphCanvas.length {
      let word = random.word()
      let sum = (word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + word >> 24
      let value = canvas.ink[pixel] * 255 + (Float(sum) - 510) * noise
      pixels[pixel] = UInt8(min(max(value.rounded(), 0), 255))
    }
  }
}

/// What makes the glyphs hard; tuned so that a LeNet ends between 90 and 97 % when trained well.
enum Difficulty {
  /// Of the control points, in units of half a glyph.
  static let jitter: Float = 0.16
  /// Of the middle of straight strokes, in pixels.
  static let bow: Float = 1.2
  /// The most stray strokes of an image.
  static let strayStrokes = 2
  /// The share of the images with an erased bar.
  static let occluded: Float = 0.35
  /// Deviation of the noise, in units of the full scale: the interval it is drawn from.
  static let leastNoise: Float = 0.04
  static let mostNoise: Float = 0.16
}

extension RandomStream {
  fileprivate mutating func between(_ low: Float, _ high: Float) -> Float {
    low + (high - low) * (Float(word() >> 8) * 0x1p-24)
  }

  fileprivate mutating func offset(_ reach: Float) -> SIMD2<Float> {
    SIMD2(between(-reach, reach), between(-reach, reach))
  }
}

/// A random affine map from the glyph's square to pixels.
struct GlyphWarp {
  private let columnX: SIMD2<Float>
  private let columnY: SIMD2<Float>
  private let centre: SIMD2<Float>

  /// Rotation by at most 31°, scale 0.65 to 1.1 along each axis, shear up to 0.3, shift up to 3 pixels.
  init(_ random: inout RandomStream) {
    // A rotation from the tangent t of half its angle: exact arithmetic where sin and cos are not.
    let t = random.between(-0.28, 0.28)
    let cosine = (1 - t * t) / (1 + t * t)
    let sine = 2 * t / (1 + t * t)
    let radius: Float = 9.5
    let scaleX = radius * random.between(0.65, 1.1)
    let scaleY = radius * random.between(0.65, 1.1)
    let shear = random.between(-0.3, 0.3)
    columnX = SIMD2(cosine, sine) * scaleX
    columnY = SIMD2(cosine * shear - sine, sine * shear + cosine) * scaleY
    centre = SIMD2(repeating: 13.5) + random.offset(3)
  }

  func pixel(_ point: SIMD2<Float>) -> SIMD2<Float> {
    centre + (columnX * point.x + columnY * point.y)
  }
}
