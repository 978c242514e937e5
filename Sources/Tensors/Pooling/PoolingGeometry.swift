/// The sizes of a pooling over square windows of images in blocks of 16 channels
/// (`[batch × channels / 16, height, width, 16]`); pixels that no whole window covers are left out.
public struct PoolingGeometry: Equatable, Sendable {
  /// Blocks: batch × channels / 16.
  public let blocks: Int
  /// Height of the input in pixels.
  public let height: Int
  /// Width of the input in pixels.
  public let width: Int
  /// Side of the window.
  public let window: Int
  /// Step of the window in both directions.
  public let stride: Int

  /// A pooling; at least one window must fit.
  public init(blocks: Int, height: Int, width: Int, window: Int, stride: Int) {
    precondition(
      window >= 1 && stride >= 1 && height >= window && width >= window,
      "a pooling window of \(window) does not fit an image of \(height)×\(width)")
    self.blocks = blocks
    self.height = height
    self.width = width
    self.window = window
    self.stride = stride
  }

  /// Height of the output in pixels.
  public var outputHeight: Int { (height - window) / stride + 1 }
  /// Width of the output in pixels.
  public var outputWidth: Int { (width - window) / stride + 1 }
  /// Numbers in the input.
  public var inputCount: Int { blocks * height * width * 16 }
  /// Numbers in the output.
  public var outputCount: Int { blocks * outputHeight * outputWidth * 16 }

  /// Whether the windows tile the image: every pixel lies in exactly one.
  var tiles: Bool { stride == window && height % window == 0 && width % window == 0 }

  /// Calls `body` with the first of the 16 numbers of every output pixel and of the first pixel of
  /// its window.
  @inline(__always)
  func forEachWindow(_ body: (_ output: Int, _ corner: Int) -> Void) {
    var output = 0
    for block in 0..<blocks {
      for y in 0..<outputHeight {
        let row = (block * height + y * stride) * width
        for x in 0..<outputWidth {
          body(output, (row + x * stride) * 16)
          output += 16
        }
      }
    }
  }

  /// Numbers from the first pixel of a window to its pixel `tap`, counted row by row.
  @inline(__always)
  func distance(toTap tap: Int) -> Int { (tap / window * width + tap % window) * 16 }
}
