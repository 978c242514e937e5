import Testing

@testable import Tensors

/// Sums of products by Winograd's way, and oneDNN's products, against plain loops in double.
@Suite("Convolutions of tangents and gradients") struct TangentConvolutionTests {
  /// Shapes of WideResNets, odd ones, and one without Winograd.
  static let geometries = [
    geometry(32, 32, side: 32), geometry(64, 64, side: 16), geometry(128, 128, side: 8),
    geometry(16, 32, side: 16), geometry(48, 16, side: 4), geometry(32, 48, side: 7),
    geometry(64, 64, side: 8, stride: 2),
  ]

  @Test("Winograd takes 3×3 kernels with step 1 on images of whole tiles")
  func kinds() {
    let found = Self.geometries.map { Float.convolution($0).sums != nil }
    #expect(found == [true, true, true, true, true, false, false])
    #expect(Self.geometries.allSatisfy { Double.convolution($0).sums == nil })
    #expect(Float.convolution(Self.geometries[0], compute: .bfloat16).sums == nil)
  }

  private static func geometry(
    _ inputs: Int, _ outputs: Int, side: Int, stride: Int = 1
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(
      batch: 3, inputChannels: inputs, outputChannels: outputs, height: side, width: side,
      kernel: 3, stride: stride, padding: 1)
  }

  @Test("y keeps single precision, what is linear in it nearly so", arguments: geometries)
  func agree(geometry: ConvolutionGeometry) {
    let found = Products(Float.convolution(geometry), geometry)
    let expected = Products(Double.convolution(geometry), geometry)
    // Sums of up to 9 · 128 products in single precision. Kernels for smaller vectors than those of
    // AVX-512 add all of them in one chain.
    let chains = ImageLayout.ofThisProcess == .channelsLast
    #expect(distance(found.forward, expected.forward) <= (chains ? 1.5e-6 : 1e-6))
    // Winograd's transforms have factors up to 8 and differences that cancel: a digit or two less,
    // and a tangent adds up two products of 9 · 128 terms each in one chain.
    #expect(distance(found.tangent, expected.tangent) <= 1.3e-5)
    #expect(distance(found.input, expected.input) <= (chains ? 1.1e-5 : 1e-5))
    #expect(distance(found.weights, expected.weights) <= 1e-5)
  }

  @Test("the same bits every time", arguments: geometries)
  func repeatBits(geometry: ConvolutionGeometry) {
    let kernels = Float.convolution(geometry)
    let first = Products(kernels, geometry)
    let second = Products(kernels, geometry)
    #expect(first.tangent == second.tangent && first.input == second.input)
    #expect(first.weights == second.weights)
  }

  /// The largest difference, relative to the largest number.
  private func distance(_ found: [Double], _ expected: [Double]) -> Double {
    zip(found, expected).map { abs($0 - $1) }.reduce(0, max)
      / expected.map { abs($0) }.reduce(0, max)
  }
}

/// What kernels make of random operands.
private struct Products {
  let forward, tangent, input, weights: [Double]

  init<Number: Scalar>(_ kernels: any ConvolutionKernels<Number>, _ g: ConvolutionGeometry) {
    var stream = RandomStream(seed: 11, purpose: .testing)
    /// Numbers in (−1, 1) that Float holds exactly.
    func random(_ count: Int) -> Buffer<Number> {
      let buffer = Buffer<Number>(count: count)
      for i in 0..<count { buffer.pointer[i] = Number(Float(2 * stream.uniform() - 1)) }
      return buffer
    }
    let (x, w, y) = (random(g.inputCount), random(g.weightCount), random(g.outputCount))
    let (xTangent, wTangent) = (random(g.inputCount), random(g.weightCount))
    let yTangent = random(g.outputCount)
    let output = Buffer<Number>(count: g.outputCount)
    kernels.forward(
      input: x.pointer, weights: w.pointer, bias: nil, output: output.pointer, accumulate: false)
    forward = output.elements.map { Double($0) }
    // Both gradients are added to what is there.
    let (xGradient, wGradient) = (random(g.inputCount), random(g.weightCount))
    if let sums = kernels.sums {
      sums.forward([term(x, wTangent), term(xTangent, w)], into: output.pointer)
      sums.inputGradient(
        [term(yTangent, w), term(y, wTangent)], into: xGradient.pointer, accumulate: true)
      sums.weightGradient(
        [term(x, yTangent), term(xTangent, y)], into: wGradient.pointer, accumulate: true)
    } else {
      kernels.forward(
        input: x.pointer, weights: wTangent.pointer, bias: nil, output: output.pointer,
        accumulate: false)
      kernels.forward(
        input: xTangent.pointer, weights: w.pointer, bias: nil, output: output.pointer,
        accumulate: true)
      let (xPart, wPart) = (Buffer<Number>(count: x.count), Buffer<Number>(count: w.count))
      for (y, w) in [(yTangent, w), (y, wTangent)] {
        kernels.inputGradient(output: y.pointer, weights: w.pointer, input: xPart.pointer)
        Elementwise.add(xPart.pointer, to: xGradient.pointer, count: x.count)
      }
      for (x, y) in [(x, yTangent), (xTangent, y)] {
        kernels.weightGradient(
          input: x.pointer, output: y.pointer, weights: wPart.pointer, bias: nil)
        Elementwise.add(wPart.pointer, to: wGradient.pointer, count: w.count)
      }
    }
    tangent = output.elements.map { Double($0) }
    input = xGradient.elements.map { Double($0) }
    weights = wGradient.elements.map { Double($0) }
  }
}

private func term<Number: Scalar>(
  _ one: Buffer<Number>, _ other: Buffer<Number>
) -> (UnsafePointer<Number>, UnsafePointer<Number>) {
  (UnsafePointer(one.pointer), UnsafePointer(other.pointer))
}
