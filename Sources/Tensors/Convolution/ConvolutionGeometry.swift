/// The sizes of a two-dimensional convolution (a cross-correlation, as in every deep learning
/// library), and the layouts of its operands.
///
/// Images have the process's ``ImageLayout``; an image whose channels are not a multiple of 16 (the
/// network's input) is planar, `[batch, channels, height, width]`. Weights are stored in blocks:
/// `[out / 16, in / 16, kernel, kernel, 16 in, 16 out]`, or `[out / 16, kernel, kernel, in, 16
/// out]` if the input is planar. oneDNN's direct kernels for AVX-512 read and write these layouts
/// without reordering; kernels for smaller vectors reorder the weights once per step.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// Images per call.
  public let batch: Int
  /// Channels of the input: any number if planar, otherwise a multiple of 16.
  public let inputChannels: Int
  /// Channels of the output, a multiple of 16.
  public let outputChannels: Int
  /// Height of the input in pixels.
  public let height: Int
  /// Width of the input in pixels.
  public let width: Int
  /// Side length of the square kernel.
  public let kernel: Int
  /// Stride of the kernel in both directions.
  public let stride: Int
  /// Zero padding at each of the four edges.
  public let padding: Int

  /// Channels in a block, and elements in a vector.
  public static let block = ImageBlocks.width

  /// Creates the geometry of a convolution; the output must have at least one pixel.
  public init(
    batch: Int, inputChannels: Int, outputChannels: Int, height: Int, width: Int, kernel: Int,
    stride: Int = 1, padding: Int = 0
  ) {
    precondition(
      outputChannels % Self.block == 0,
      "a convolution gives a multiple of \(Self.block) channels, not \(outputChannels)")
    precondition(
      height + 2 * padding >= kernel && width + 2 * padding >= kernel,
      "a \(kernel)×\(kernel) kernel does not fit an image of \(height)×\(width)")
    self.batch = batch
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.height = height
    self.width = width
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  /// Height of the output in pixels.
  public var outputHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
  /// Width of the output in pixels.
  public var outputWidth: Int { (width + 2 * padding - kernel) / stride + 1 }
  /// The memory layout of an input image; not for planar ones.
  var inputBlocks: ImageBlocks { ImageBlocks(channels: inputChannels, pixels: height * width) }
  /// The memory layout of an output image.
  var outputBlocks: ImageBlocks {
    ImageBlocks(channels: outputChannels, pixels: outputHeight * outputWidth)
  }
  /// Whether the input has no channel blocks.
  public var inputIsPlanar: Bool { inputChannels % Self.block != 0 }
  /// Elements in the input.
  public var inputCount: Int { batch * inputChannels * height * width }
  /// Elements in the output.
  public var outputCount: Int { batch * outputChannels * outputHeight * outputWidth }
  /// Elements in the weights.
  public var weightCount: Int { outputChannels * inputChannels * kernel * kernel }
  /// Floating-point operations of one pass (two per multiplication).
  public var operations: Int {
    2 * batch * outputHeight * outputWidth * outputChannels * inputChannels * kernel * kernel
  }

  /// Index of weight `[o, i, y, x]` (PyTorch's order) in the blocked weights.
  public func weightIndex(output o: Int, input i: Int, y: Int, x: Int) -> Int {
    let b = Self.block
    if inputIsPlanar {
      return (((o / b * kernel + y) * kernel + x) * inputChannels + i) * b + o % b
    }
    let blocks = ((o / b * (inputChannels / b) + i / b) * kernel + y) * kernel + x
    return (blocks * b + i % b) * b + o % b
  }
}
