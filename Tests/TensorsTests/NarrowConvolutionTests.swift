import Testing

@testable import Tensors

/// Convolutions to 16 channels without padding, on this processor's kernels, against plain loops in
/// double.
@Suite("Convolutions to 16 channels") struct NarrowConvolutionTests {
  /// LeNet's two, sizes that five does not divide, fewer pixels than a tile, and what only oneDNN takes.
  static let geometries = [
    geometry(1, side: 28, kernel: 5), geometry(16, side: 12, kernel: 5),
    geometry(16, side: 9, kernel: 3), geometry(1, side: 7, kernel: 5),
    geometry(16, side: 5, kernel: 3), geometry(16, side: 4, kernel: 3),
    geometry(16, side: 6, kernel: 1), geometry(1, side: 6, kernel: 3),
    geometry(16, side: 9, kernel: 3, stride: 2),
  ]

  private static func geometry(
    _ inputs: Int, side: Int, kernel: Int, stride: Int = 1
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(
      batch: 3, inputChannels: inputs, outputChannels: 16, height: side, width: side + 1,
      kernel: kernel, stride: stride)
  }

  @Test("values and gradients, with a bias and added to what is there", arguments: geometries)
  func agree(geometry: ConvolutionGeometry) {
    let found = results(Float.self, geometry)
    let expected = results(Double.self, geometry)
    for (one, other) in zip(found, expected) {
      let size = other.map { abs($0) }.max() ?? 0
      let difference = zip(one, other).map { abs($0 - $1) }.max() ?? .infinity
      // Sums of at most 400 products in single precision, or of the pixels of an image.
      #expect(difference <= 1e-6 * size)
      #expect(one.count == other.count && size > 0)
    }
  }

  @Test("the processor's own vectors are in use where it has AVX2 and no AVX-512")
  func kinds() {
    let narrow = ConvolutionLibrary.instructionSet == "AVX2" && BuildTarget.level.contains("v3")
    #expect((NarrowConvolution(Self.geometries[1]) != nil) == narrow)
    #expect(NarrowConvolution(Self.geometries[8]) == nil)
  }

  /// y with a bias, y added to what was there, x̄, w̄ and b̄.
  private func results<Number: Scalar>(
    _: Number.Type, _ g: ConvolutionGeometry
  ) -> [[Double]] {
    var stream = RandomStream(seed: 5, purpose: .testing)
    /// Numbers in (−1, 1) that Float holds exactly.
    func random(_ count: Int) -> Buffer<Number> {
      let buffer = Buffer<Number>(count: count)
      for i in 0..<count { buffer.pointer[i] = Number(Float(2 * stream.uniform() - 1)) }
      return buffer
    }
    let kernels = Number.convolution(g, compute: .full)
    let (x, w, b, gradient) = (
      random(g.inputCount), random(g.weightCount), random(16), random(g.outputCount)
    )
    let (biased, added) = (random(g.outputCount), random(g.outputCount))
    let (toInput, toWeights, toBias) = (random(g.inputCount), random(g.weightCount), random(16))
    kernels.forward(
      input: x.pointer, weights: w.pointer, bias: b.pointer, output: biased.pointer,
      accumulate: false)
    kernels.forward(
      input: x.pointer, weights: w.pointer, bias: nil, output: added.pointer, accumulate: true)
    kernels.inputGradient(output: gradient.pointer, weights: w.pointer, input: toInput.pointer)
    kernels.weightGradient(
      input: x.pointer, output: gradient.pointer, weights: toWeights.pointer, bias: toBias.pointer)
    return [biased, added, toInput, toWeights, toBias].map { $0.elements.map { Double($0) } }
  }
}
