/// Conversions between images in an ``ImageLayout`` and planes `[batch, channels, pixels]`.
public enum Blocks {
  /// y ← (or ← y + if `accumulate`) the planes of x.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func toPlanes<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>, batch: Int, channels: Int,
    pixels: Int, accumulate: Bool
  ) {
    let step = ImageBlocks(channels: channels, pixels: pixels).pixelStride
    forEachBlock(batch, channels, pixels) { block, planes in
      for channel in 0..<ImageBlocks.width {
        for pixel in 0..<pixels {
          let (place, value) = (
            planes + channel * pixels + pixel, x[block + pixel * step + channel]
          )
          y[place] = accumulate ? y[place] + value : value
        }
      }
    }
  }

  /// y ← (or ← y + if `accumulate`) the images of the planes x.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func fromPlanes<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>, batch: Int, channels: Int,
    pixels: Int, accumulate: Bool
  ) {
    let step = ImageBlocks(channels: channels, pixels: pixels).pixelStride
    forEachBlock(batch, channels, pixels) { block, planes in
      for pixel in 0..<pixels {
        for channel in 0..<ImageBlocks.width {
          let (place, value) = (
            block + pixel * step + channel, x[planes + channel * pixels + pixel]
          )
          y[place] = accumulate ? y[place] + value : value
        }
      }
    }
  }

  /// Calls `body` with the first element of every block of every image, and that of its planes.
  @inline(__always)
  private static func forEachBlock(
    _ batch: Int, _ channels: Int, _ pixels: Int, _ body: (_ block: Int, _ planes: Int) -> Void
  ) {
    let blocks = ImageBlocks(channels: channels, pixels: pixels)
    for image in 0..<batch {
      let start = image * channels * pixels
      for block in 0..<blocks.count {
        body(start + block * blocks.blockStride, start + block * pixels * ImageBlocks.width)
      }
    }
  }
}
