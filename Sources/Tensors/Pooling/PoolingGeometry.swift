/// The sizes of a pooling over square windows of images in the process's ``ImageLayout``; pixels
/// not covered by a whole window are ignored.
public struct PoolingGeometry: Equatable, Sendable {
  /// Images per call.
  public let batch: Int
  /// Channels, a multiple of 16.
  public let channels: Int
  /// Height of the input in pixels.
  public let height: Int
  /// Width of the input in pixels.
  public let width: Int
  /// Side length of the window.
  public let window: Int
  /// Stride of the window in both directions.
  public let stride: Int
  /// The memory layouts of an input and an output image.
  let inputs, outputs: ImageBlocks

  /// Creates the sizes of a pooling; at least one window must fit.
  public init(batch: Int, channels: Int, height: Int, width: Int, window: Int, stride: Int) {
    precondition(
      channels % ImageBlocks.width == 0, "pooling takes a multiple of 16 channels, not \(channels)")
    precondition(
      window >= 1 && stride >= 1 && height >= window && width >= window,
      "a pooling window of \(window) does not fit an image of \(height)×\(width)")
    self.batch = batch
    self.channels = channels
    self.height = height
    self.width = width
    self.window = window
    self.stride = stride
    inputs = ImageBlocks(channels: channels, pixels: height * width)
    outputs = ImageBlocks(
      channels: channels,
      pixels: ((height - window) / stride + 1) * ((width - window) / stride + 1))
  }

  /// Height of the output in pixels.
  public var outputHeight: Int { (height - window) / stride + 1 }
  /// Width of the output in pixels.
  public var outputWidth: Int { (width - window) / stride + 1 }
  /// Elements in the input.
  public var inputCount: Int { batch * channels * height * width }
  /// Elements in the output.
  public var outputCount: Int { batch * channels * outputHeight * outputWidth }

  /// Whether the windows tile the image: every pixel is in exactly one.
  var tiles: Bool { stride == window && height % window == 0 && width % window == 0 }

  /// Calls `body` with the first of the 16 elements of every output pixel and of the first pixel of
  /// its window.
  @inline(__always)
  func forEachWindow(_ body: (_ output: Int, _ corner: Int) -> Void) {
    let (outputPixels, pixels) = (outputHeight * outputWidth, height * width)
    for image in 0..<batch {
      for block in 0..<inputs.count {
        var output = image * channels * outputPixels + block * outputs.blockStride
        let start = image * channels * pixels + block * inputs.blockStride
        for y in 0..<outputHeight {
          let row = start + y * stride * width * inputs.pixelStride
          for x in 0..<outputWidth {
            body(output, row + x * stride * inputs.pixelStride)
            output += outputs.pixelStride
          }
        }
      }
    }
  }

  /// Elements from the first pixel of a window to its pixel `tap`, counted row by row.
  @inline(__always)
  func distance(toTap tap: Int) -> Int {
    (tap / window * width + tap % window) * inputs.pixelStride
  }
}
