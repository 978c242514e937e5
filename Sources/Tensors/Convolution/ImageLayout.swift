/// The memory layout of images whose channels are a multiple of 16: the same for all tensors of a
/// process.
///
/// oneDNN has fast kernels for some layouts only, depending on the processor. The choice is made
/// here alone; everything else finds elements through ``ImageBlocks``. Weights always have the
/// layout of ``ConvolutionGeometry``, so parameters, checkpoints and columns do not depend on it.
public enum ImageLayout: String, CaseIterable, Sendable {
  /// `[batch, channels / 16, height, width, 16]`: the layout of kernels with vectors of 16 floats
  /// (AVX-512).
  case blocked = "blocks-of-16"
  /// `[batch, height, width, channels]`: as fast as blocks of 8 with AVX2 (within 5 %), and the
  /// only layout with kernels in every direction below AVX2 and on other architectures.
  case channelsLast = "channels-last"

  /// The layout of this process: blocked if oneDNN has native kernels for it.
  public static let ofThisProcess: ImageLayout =
    OneDNNConvolution.hasKernels(for: .blocked) ? .blocked : .channelsLast
}

/// The position of an image's elements; 16 channels of a pixel are always contiguous.
public struct ImageBlocks: Hashable, Sendable {
  /// Channels in a block, and elements in a vector.
  public static let width = 16
  /// Blocks per image: its channels / 16.
  public let count: Int
  /// Elements from one block of the first pixel to the next.
  public let blockStride: Int
  /// Elements from one pixel to the next in the same block.
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

  /// Vectors of 16 elements from one pixel to the next in the same block.
  @inline(__always)
  var vectorStride: Int { pixelStride / Self.width }
}
