/// The skeleton of a class of glyphs: points in the square [−1, 1]² and strokes between them.
///
/// x grows to the right, y downwards. The points are jittered before the strokes are drawn, so strokes
/// that share a point stay joined.
struct GlyphShape: Sendable {
  /// A quadratic Bézier curve, or a straight line where `control` is nil; indices into `points`.
  struct Stroke: Sendable {
    let start: Int
    let control: Int?
    let end: Int

    static func line(_ start: Int, _ end: Int) -> Stroke {
      Stroke(start: start, control: nil, end: end)
    }

    static func curve(_ start: Int, _ control: Int, _ end: Int) -> Stroke {
      Stroke(start: start, control: control, end: end)
    }
  }

  let points: [SIMD2<Float>]
  let strokes: [Stroke]

  /// The ten classes, by label.
  ///
  /// They come in families that differ in one stroke or its place (ring, open ring, spiral; cross, tee,
  /// fork, arrow; zigzag, wave), so that a warp, a stray stroke or an occluded part can make one look
  /// like another: no network reaches 100 %.
  static let classes: [GlyphShape] = [
    ring, openRing, spiral, cross, tee, fork, arrow, zigzag, wave, cup,
  ]

  private static let ringPoints: [SIMD2<Float>] = [
    [0, -1], [0.9, -1], [0.9, 0], [0.9, 1], [0, 1], [-0.9, 1], [-0.9, 0], [-0.9, -1],
  ]

  static let ring = GlyphShape(
    points: ringPoints,
    strokes: [.curve(0, 1, 2), .curve(2, 3, 4), .curve(4, 5, 6), .curve(6, 7, 0)])

  /// A ring without its lower right quarter.
  static let openRing = GlyphShape(
    points: ringPoints, strokes: [.curve(0, 1, 2), .curve(4, 5, 6), .curve(6, 7, 0)])

  /// An open ring whose right end runs on to the middle.
  static let spiral = GlyphShape(
    points: ringPoints + [[0.5, 0.35], [-0.15, 0.1]],
    strokes: [.curve(0, 1, 2), .curve(4, 5, 6), .curve(6, 7, 0), .curve(2, 8, 9)])

  static let cross = GlyphShape(
    points: [[0, -1], [0, 1], [-0.85, -0.15], [0.85, -0.15]],
    strokes: [.line(0, 1), .line(2, 3)])

  static let tee = GlyphShape(
    points: [[0, -0.8], [0, 1], [-0.85, -0.8], [0.85, -0.8]],
    strokes: [.line(0, 1), .line(2, 3)])

  /// Two arms rising from the middle of a shaft's upper end.
  static let fork = GlyphShape(
    points: [[0, -0.1], [0, 1], [-0.8, -0.9], [0.8, -0.9]],
    strokes: [.line(0, 1), .line(2, 0), .line(3, 0)])

  /// Two arms falling from a shaft's upper end.
  static let arrow = GlyphShape(
    points: [[0, -0.95], [0, 1], [-0.8, -0.2], [0.8, -0.2]],
    strokes: [.line(0, 1), .line(2, 0), .line(3, 0)])

  static let zigzag = GlyphShape(
    points: [[-0.8, -0.9], [0.8, -0.9], [-0.8, 0.9], [0.8, 0.9]],
    strokes: [.line(0, 1), .line(1, 2), .line(2, 3)])

  /// The zigzag with round corners.
  static let wave = GlyphShape(
    points: [[-0.7, -0.75], [1.3, -1.4], [0, 0], [-1.3, 1.4], [0.7, 0.75]],
    strokes: [.curve(0, 1, 2), .curve(2, 3, 4)])

  /// A vessel, open at the top, with a bar across.
  static let cup = GlyphShape(
    points: [
      [-0.8, -0.9], [-0.8, 1.5], [0.8, 1.5], [0.8, -0.9], [0, 0.95], [-0.8, -0.1], [0.8, -0.1],
    ],
    strokes: [.curve(0, 1, 4), .curve(4, 2, 3), .line(5, 6)])
}
