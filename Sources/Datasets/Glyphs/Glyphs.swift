import Tensors

/// The embedded data set: ten classes of grey 28×28 images, drawn by the program.
///
/// Invented shapes from a few strokes with jittered points, random affine warps, thickness, contrast,
/// stray strokes, occlusion and noise. An image is a function of (seed, number of the image), the same
/// bits on every machine: no file is read and nothing has to be sent between ranks. It is there so that
/// a first run needs no download; results worth reporting need real images.
public enum Glyphs {
  /// Images of the training set if nothing else is said.
  public static let defaultTrainCount = 12_000
  /// Images of the test set if nothing else is said.
  public static let defaultTestCount = 2_000
  /// The test images are numbered from here on, so that they never meet the training images.
  static let firstTestIndex = 1 << 40

  /// Draws the images of a part of the set.
  ///
  /// A larger `count` only appends images. Linear in `count`, some 10 µs per image.
  ///
  /// - Parameters:
  ///   - count: how many images; the default of the part if nil.
  ///   - seed: of everything random in them.
  /// - Precondition: `count` is not negative.
  public static func images(_ part: DatasetPart, count: Int? = nil, seed: UInt64 = 0) -> ImageSet {
    let count = count ?? (part == .train ? defaultTrainCount : defaultTestCount)
    precondition(count >= 0, "a set cannot hold \(count) glyphs")
    let first = part == .train ? 0 : firstTestIndex
    var painter = GlyphPainter()
    var labels = [UInt8](repeating: 0, count: count)
    let length = GlyphCanvas.length
    let pixels = [UInt8](unsafeUninitializedCapacity: count * length) { buffer, initialised in
      if let start = buffer.baseAddress {
        for image in 0..<count {
          labels[image] = painter.paint(
            seed: seed, index: first + image, into: start + image * length)
        }
      }
      initialised = count * length
    }
    return ImageSet(
      name: "glyphs", height: GlyphCanvas.side, width: GlyphCanvas.side, channels: 1,
      classCount: GlyphShape.classes.count, normalisation: .glyphs, pixels: pixels, labels: labels)
  }
}

extension Normalisation {
  /// The glyphs: measured on the 2 000 test images of seed 0, and fixed for all seeds.
  public static let glyphs = Normalisation(mean: [0.1602], deviation: [0.2036])
}
