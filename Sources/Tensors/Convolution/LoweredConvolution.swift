/// Convolution as matrix products over unfolded patches (im2col), one image at a time.
///
/// For verification: plain loops and `gemm`, sharing nothing with oneDNN. Patches are `[output
/// pixels, taps]` with the taps in the order of the blocked weights, so the weights of 16 output
/// channels can be used directly as a `[taps, 16]` matrix.
final class LoweredConvolution: ConvolutionKernels {
  typealias Number = Double

  private let geometry: ConvolutionGeometry
  private let taps: Int
  private let pixels: Int
  private let patches: Buffer<Double>

  init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    taps = geometry.inputChannels * geometry.kernel * geometry.kernel
    pixels = geometry.outputHeight * geometry.outputWidth
    patches = Buffer(count: taps * pixels)
  }

  private var blocks: Int { geometry.outputChannels / ConvolutionGeometry.block }
  private var layout: ImageBlocks { geometry.outputBlocks }
  private var imageCount: Int { geometry.inputCount / geometry.batch }
  private var outputCount: Int { geometry.outputCount / geometry.batch }

  /// Visits every element of a block of an output image, with its channel in the block.
  @inline(__always)
  private func forEachNumber(_ body: (_ number: Int, _ channel: Int) -> Void) {
    let step = layout.pixelStride
    for pixel in 0..<pixels {
      for channel in 0..<ConvolutionGeometry.block { body(pixel * step + channel, channel) }
    }
  }

  func forward(
    input: UnsafePointer<Double>, weights: UnsafePointer<Double>, bias: UnsafePointer<Double>?,
    output: UnsafeMutablePointer<Double>, accumulate: Bool
  ) {
    let width = ConvolutionGeometry.block
    for image in 0..<geometry.batch {
      unfold(input + image * imageCount)
      for block in 0..<blocks {
        let y = output + image * outputCount + block * layout.blockStride
        if let bias, !accumulate {
          forEachNumber { y[$0] = bias[block * width + $1] }
        }
        Double.matrixProduct(
          MatrixOperand(patches.pointer, stride: taps),
          MatrixOperand(weights + block * taps * width, stride: width), into: y,
          stride: layout.pixelStride, rows: pixels, columns: width, inner: taps,
          accumulate: accumulate || bias != nil)
      }
    }
  }

  func inputGradient(
    output: UnsafePointer<Double>, weights: UnsafePointer<Double>,
    input: UnsafeMutablePointer<Double>
  ) {
    let width = ConvolutionGeometry.block
    for i in 0..<geometry.inputCount { input[i] = 0 }
    for image in 0..<geometry.batch {
      for block in 0..<blocks {
        Double.matrixProduct(
          MatrixOperand(
            output + image * outputCount + block * layout.blockStride, stride: layout.pixelStride),
          MatrixOperand(weights + block * taps * width, stride: width, transposed: true),
          into: patches.pointer, rows: pixels, columns: taps, inner: width, accumulate: block > 0)
      }
      fold(input + image * imageCount)
    }
  }

  func weightGradient(
    input: UnsafePointer<Double>, output: UnsafePointer<Double>,
    weights: UnsafeMutablePointer<Double>, bias: UnsafeMutablePointer<Double>?
  ) {
    let width = ConvolutionGeometry.block
    if let bias {
      for channel in 0..<geometry.outputChannels { bias[channel] = 0 }
    }
    for image in 0..<geometry.batch {
      unfold(input + image * imageCount)
      for block in 0..<blocks {
        let gradient = output + image * outputCount + block * layout.blockStride
        Double.matrixProduct(
          MatrixOperand(patches.pointer, stride: taps, transposed: true),
          MatrixOperand(gradient, stride: layout.pixelStride), into: weights + block * taps * width,
          rows: taps,
          columns: width, inner: pixels, accumulate: image > 0)
        if let bias {
          forEachNumber { bias[block * width + $1] += gradient[$0] }
        }
      }
    }
  }

  /// Copies the patch under every output pixel, with zeros beyond the edge.
  private func unfold(_ image: UnsafePointer<Double>) {
    forEachTap { pixel, tap, source in
      patches.pointer[pixel * taps + tap] = source.map { image[$0] } ?? 0
    }
  }

  /// Adds every patch back to its position: the adjoint of `unfold`.
  private func fold(_ image: UnsafeMutablePointer<Double>) {
    forEachTap { pixel, tap, source in
      if let source { image[source] += patches.pointer[pixel * taps + tap] }
    }
  }

  @inline(__always)
  private func forEachTap(_ body: (_ pixel: Int, _ tap: Int, _ source: Int?) -> Void) {
    let g = geometry
    let inner = g.inputIsPlanar ? g.inputChannels : ConvolutionGeometry.block
    let outer = g.inputChannels / inner
    let blocks = g.inputBlocks
    for pixel in 0..<pixels {
      let top = pixel / g.outputWidth * g.stride - g.padding
      let left = pixel % g.outputWidth * g.stride - g.padding
      var tap = 0
      for group in 0..<outer {
        for y in top..<top + g.kernel {
          for x in left..<left + g.kernel {
            let inside = y >= 0 && y < g.height && x >= 0 && x < g.width
            for channel in 0..<inner {
              let source =
                g.inputIsPlanar
                ? (channel * g.height + y) * g.width + x
                : group * blocks.blockStride + (y * g.width + x) * blocks.pixelStride + channel
              body(pixel, tap, inside ? source : nil)
              tap += 1
            }
          }
        }
      }
    }
  }
}

extension Double {
  /// im2col and `dgemm`, optionally on rounded operands.
  public static func convolution(
    _ geometry: ConvolutionGeometry, compute: ComputePrecision = .full
  ) -> any ConvolutionKernels<Double> {
    let kernels = LoweredConvolution(geometry)
    return switch compute {
    case .full: kernels
    case .bfloat16: RoundedConvolution(geometry, by: kernels)
    }
  }
}
