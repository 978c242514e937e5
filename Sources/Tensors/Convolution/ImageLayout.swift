/// How images with channels in multiples of 16 lie in memory: one way for all tensors of a process.
///
/// oneDNN has fast kernels for some layouts only, and which these are depends on the processor. This
/// is the one place that decides; ``ImageBlocks`` tells everybody else where numbers are. Weights
/// have the layout of ``ConvolutionGeometry`` everywhere, so parameters, checkpoints and columns do
/// not depend on it.
public enum ImageLayout: String, CaseIterable, Sendable {
  /// `[batch, channels / 16, height, width, 16]`: what kernels with vectors of 16 numbers (AVX-512)
  /// are made for.
  case blocked = "blocks-of-16"
  /// `[batch, height, width, channels]`: as fast as blocks of 8 with AVX2 (within 5 %), and the only
  /// one with kernels in every direction below AVX2 and on other architectures.
  case channelsLast = "channels-last"

  /// The layout of this process: blocks where oneDNN has kernels of its own for them.
  public static let ofThisProcess: ImageLayout =
    OneDNNConvolution.hasKernels(for: .blocked) ? .blocked : .channelsLast
}

/// Where the numbers of one image are, 16 channels of a pixel always being neighbours.
public struct ImageBlocks: Hashable, Sendable {
  /// Channels in a block, and numbers in a vector.
  public static let width = 16
  /// Blocks of an image: its channels / 16.
  public let count: Int
  /// Numbers from one block of the first pixel to the next.
  public let blockStride: Int
  /// Numbers from a pixel to the next in the same block.
  public let pixelStride: Int

  /// The blocks of an image with `channels` (a multiple of 16) and `pixels`.
  public init(channels: Int, pixels: Int, layout: ImageLayout = .ofThisProcess) {
    count = channels / Self.width
    switch layout {
    case .blocked:
      blockStride = pixels * Self.width
      pixelStride = Self.width
    case .channelsLast:
      blockStride = Self.width
      pixelStride = channels
    }
  }

  /// Vectors of 16 numbers from a pixel to the next in the same block.
  @inline(__always)
  var vectorStride: Int { pixelStride / Self.width }
}
