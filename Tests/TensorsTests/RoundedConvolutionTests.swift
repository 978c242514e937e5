import Testing

@testable import Tensors

/// A way to convolve operands rounded to bfloat16.
enum RoundedKernels: CaseIterable {
  /// oneDNN on vectors.
  case blocked
  /// oneDNN as the matrix unit wants it; processors without one run it on vectors.
  case channelsLast
  /// Rounding alone.
  case rounding

  func kernels(_ geometry: ConvolutionGeometry) -> any ConvolutionKernels<Float> {
    switch self {
    case .blocked: OneDNNConvolution(geometry, compute: .bfloat16, images: .blocked)
    case .channelsLast: OneDNNConvolution(geometry, compute: .bfloat16, images: .channelsLast)
    case .rounding: RoundedConvolution(geometry, by: Float.convolution(geometry))
    }
  }

  /// What this processor can do.
  static var all: [RoundedKernels] {
    ConvolutionLibrary.bfloat16 == .rounding ? [.rounding] : allCases
  }
}

/// Kernels for bfloat16 against plain loops in double over operands rounded beforehand.
@Suite("Convolutions of rounded operands") struct RoundedConvolutionTests {
  static let geometries = [
    // Planar images.
    ConvolutionGeometry(
      batch: 2, inputChannels: 1, outputChannels: 16, height: 12, width: 12, kernel: 5),
    ConvolutionGeometry(
      batch: 3, inputChannels: 3, outputChannels: 16, height: 8, width: 8, kernel: 3, padding: 1),
    // One block of channels, several, and a change of their number.
    ConvolutionGeometry(
      batch: 2, inputChannels: 16, outputChannels: 16, height: 12, width: 12, kernel: 5),
    ConvolutionGeometry(
      batch: 16, inputChannels: 16, outputChannels: 16, height: 8, width: 8, kernel: 3, padding: 1),
    ConvolutionGeometry(
      batch: 2, inputChannels: 32, outputChannels: 48, height: 7, width: 9, kernel: 3, padding: 1),
    ConvolutionGeometry(
      batch: 3, inputChannels: 32, outputChannels: 64, height: 8, width: 8, kernel: 3, stride: 2,
      padding: 1),
    ConvolutionGeometry(
      batch: 2, inputChannels: 16, outputChannels: 32, height: 8, width: 8, kernel: 1),
    ConvolutionGeometry(
      batch: 2, inputChannels: 32, outputChannels: 64, height: 8, width: 8, kernel: 1, stride: 2),
  ]

  @Test("are those of plain loops", arguments: RoundedKernels.all, geometries)
  func agree(way: RoundedKernels, geometry: ConvolutionGeometry) {
    let expected = AllProducts(Double.convolution(geometry, compute: .bfloat16), geometry)
    let found = AllProducts(way.kernels(geometry), geometry)
    let full = AllProducts(Double.convolution(geometry), geometry)
    for product in expected.results.keys.sorted() {
      let (result, terms) = (expected.results[product] ?? [], expected.terms(product))
      // Sums in single precision of numbers below 1; rounding the operands changes them a hundred
      // times as much.
      let tolerance = 1e-5 * Double(terms).squareRoot()
      let error = found.distance(to: result, product)
      #expect(error <= tolerance, "\(product)")
      #expect(full.distance(to: result, product) > 10 * tolerance, "\(product)")
    }
  }

  @Test("give the same bits again, held or not", arguments: RoundedKernels.all, geometries)
  func repeatBits(way: RoundedKernels, geometry: ConvolutionGeometry) {
    let kernels = way.kernels(geometry)
    let first = AllProducts(kernels, geometry)
    #expect(AllProducts(kernels, geometry).results == first.results)
    #expect(AllProducts(kernels, geometry, holding: true).results == first.results)
    #expect(AllProducts(kernels, geometry, holding: true).results == first.results)
    // What is held may change between two promises: nothing of the old numbers may be left.
    let others = AllProducts(way.kernels(geometry), geometry, seed: 8)
    #expect(AllProducts(kernels, geometry, seed: 8, holding: true).results == others.results)
    #expect(others.results != first.results)
  }
}

/// All results that kernels give for random operands.
private struct AllProducts {
  let geometry: ConvolutionGeometry
  private(set) var results: [String: [Double]] = [:]

  init<Number: Scalar>(
    _ kernels: any ConvolutionKernels<Number>, _ geometry: ConvolutionGeometry, seed: UInt64 = 7,
    holding: Bool = false
  ) {
    self.geometry = geometry
    let g = geometry
    var stream = RandomStream(seed: seed, purpose: .testing)
    /// Numbers in (−1, 1) that Float holds exactly.
    func random(_ count: Int) -> Buffer<Number> {
      let buffer = Buffer<Number>(count: count)
      for i in 0..<count { buffer.pointer[i] = Number(Float(2 * stream.uniform() - 1)) }
      return buffer
    }
    let (x, w, y) = (random(g.inputCount), random(g.weightCount), random(g.outputCount))
    let bias = random(g.outputChannels)
    if holding {
      kernels.hold(.input, at: x.pointer)
      kernels.hold(.weights, at: w.pointer)
      kernels.hold(.output, at: y.pointer)
    }
    let output = Buffer<Number>(count: g.outputCount)
    for twice in [false, true] {
      kernels.forward(
        input: x.pointer, weights: w.pointer, bias: twice ? nil : bias.pointer,
        output: output.pointer, accumulate: twice)
      results[twice ? "y + x ∗ w" : "x ∗ w + b"] = output.elements.map { Double($0) }
    }
    kernels.forward(
      input: x.pointer, weights: w.pointer, bias: nil, output: output.pointer, accumulate: false)
    results["x ∗ w"] = output.elements.map { Double($0) }
    let (wGradient, bGradient) = (random(g.weightCount), random(g.outputChannels))
    kernels.weightGradient(
      input: x.pointer, output: y.pointer, weights: wGradient.pointer, bias: bGradient.pointer)
    results["w̄"] = wGradient.elements.map { Double($0) }
    results["b̄"] = bGradient.elements.map { Double($0) }
    kernels.weightGradient(
      input: x.pointer, output: y.pointer, weights: wGradient.pointer, bias: nil)
    results["w̄ alone"] = wGradient.elements.map { Double($0) }
    if !g.inputIsPlanar {
      let xGradient = random(g.inputCount)
      kernels.inputGradient(
        output: y.pointer, weights: w.pointer, input: xGradient.pointer)
      results["x̄"] = xGradient.elements.map { Double($0) }
    }
  }

  /// How many products one number of a result is the sum of, at most.
  func terms(_ product: String) -> Int {
    let taps = geometry.kernel * geometry.kernel
    let pixels = geometry.batch * geometry.outputHeight * geometry.outputWidth
    return switch product {
    case "w̄", "w̄ alone", "b̄": pixels
    case "x̄": geometry.outputChannels * taps
    case "y + x ∗ w": 2 * geometry.inputChannels * taps
    default: geometry.inputChannels * taps
    }
  }

  /// The largest difference; infinite where there is no such result.
  func distance(to other: [Double], _ product: String) -> Double {
    guard let own = results[product], own.count == other.count else { return .infinity }
    return zip(own, other).map { abs($0 - $1) }.max() ?? .infinity
  }
}
