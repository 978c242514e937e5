import COneDNN

/// Convolutions to 16 output channels without padding, in hand-written loops with vectors of 8
/// floats.
///
/// oneDNN's AVX2 kernels have too few accumulators for so few channels, and reach 60 % of the
/// processor's peak; these reach 90 %. Five pixels (or five weights) times 16 channels are ten
/// vector accumulators, which is what 16 registers can hold along with the operands. With channels
/// last, the taps of a kernel row are contiguous, both in the image and in the weights. The input
/// gradient, where most of the kernel extends beyond the edge, is left to oneDNN.
final class NarrowConvolution: ConvolutionKernels {
  typealias Number = Float
  fileprivate typealias Vector = SIMD8<Float>

  private let geometry: ConvolutionGeometry
  private let others: OneDNNConvolution
  /// For each output pixel of an image, the index of the first element under the kernel.
  private let corners: [Int]
  /// Elements under one row of the kernel, and from one row of an image to the next.
  private let run, row: Int

  /// Returns nil for unsupported convolutions, and where oneDNN's own kernels are better.
  init?(_ geometry: ConvolutionGeometry) {
    let g = geometry
    guard Self.suitsThisProcess, [1, 16].contains(g.inputChannels), g.outputChannels == 16,
      g.stride == 1, g.padding == 0, g.kernel * g.inputChannels >= Sums.count,
      g.outputHeight * g.outputWidth >= Sums.count
    else { return nil }
    self.geometry = g
    others = OneDNNConvolution(g, compute: .full, images: .ofThisProcess)
    run = g.kernel * g.inputChannels
    row = g.width * g.inputChannels
    corners = (0..<g.outputHeight * g.outputWidth).map {
      ($0 / g.outputWidth * g.width + $0 % g.outputWidth) * g.inputChannels
    }
  }

  /// Whether both the libraries and this program's own code may use AVX2.
  private static let suitsThisProcess =
    ImageLayout.ofThisProcess == .channelsLast && GLOCAL_BUILD_LEVEL >= 3
    && UInt32(dnnl_get_effective_cpu_isa().rawValue) & 0x7 == 0x7

  /// oneDNN's, or this module's, name for the kernel of a pass.
  func implementation(of pass: ConvolutionPass) -> String {
    pass == .inputGradient ? others.implementation(of: pass) : "narrow:avx2"
  }

  func hold(_ operand: ConvolutionOperand, at pointer: UnsafePointer<Float>?) {
    others.hold(operand, at: pointer)
  }

  func inputGradient(
    output: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    input: UnsafeMutablePointer<Float>
  ) {
    others.inputGradient(output: output, weights: weights, input: input)
  }

  func forward(
    input: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let start = accumulate ? nil : bias.map { vectors($0) }
    let (count, images) = (corners.count, geometry.inputCount / geometry.batch)
    let (run, row, kernel) = (run, row, geometry.kernel)
    corners.withUnsafeBufferPointer { corners in
      for image in 0..<geometry.batch {
        let x = input + image * images
        let y = mutableVectors(output) + 2 * image * count
        for next in stride(from: 0, to: count, by: Sums.count) {
          // The last five overlap with earlier ones; values already written are not touched again.
          let first = min(next, count - Sums.count)
          var places = (
            x + corners[first], x + corners[first + 1], x + corners[first + 2],
            x + corners[first + 3], x + corners[first + 4]
          )
          var sums = Sums(accumulate ? UnsafePointer(y + 2 * first) : nil, each: start)
          var taps = vectors(weights)
          for _ in 0..<kernel {
            for j in 0..<run {
              let (u, v) = (taps[2 * j], taps[2 * j + 1])
              sums.add(places.0[j], places.1[j], places.2[j], places.3[j], places.4[j], u, v)
            }
            taps += 2 * run
            places = (
              places.0 + row, places.1 + row, places.2 + row, places.3 + row, places.4 + row
            )
          }
          sums.store(at: y + 2 * first, from: next - first)
        }
      }
    }
  }

  func weightGradient(
    input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    weights: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?
  ) {
    let w = mutableVectors(weights)
    for i in 0..<geometry.weightCount / 8 { w[i] = .zero }
    let (channels, width) = (geometry.inputChannels, geometry.outputWidth)
    for image in 0..<geometry.batch {
      let x = input + image * (geometry.inputCount / geometry.batch)
      let y = vectors(output) + 2 * image * corners.count
      for line in 0..<geometry.kernel {
        for next in stride(from: 0, to: run, by: Sums.count) {
          let first = min(next, run - Sums.count)
          let target = w + 2 * (line * run + first)
          // Each image is summed separately: shorter chains accumulate less rounding error.
          var sums = Sums(nil, each: nil)
          for height in 0..<geometry.outputHeight {
            var pixel = x + (height + line) * row + first
            var gradient = y + 2 * height * width
            for _ in 0..<width {
              sums.add(
                pixel[0], pixel[1], pixel[2], pixel[3], pixel[4], gradient[0], gradient[1])
              pixel += channels
              gradient += 2
            }
          }
          sums.add(to: target, from: next - first)
        }
      }
    }
    if let bias { sumPixels(output, into: bias) }
  }

  /// b̄ ← the sums of ȳ over all pixels.
  private func sumPixels(_ output: UnsafePointer<Float>, into bias: UnsafeMutablePointer<Float>) {
    let target = mutableVectors(bias)
    (target[0], target[1]) = (.zero, .zero)
    for image in 0..<geometry.batch {
      let y = vectors(output) + 2 * image * corners.count
      var (low, high) = (Vector.zero, Vector.zero)
      for pixel in 0..<corners.count {
        low += y[2 * pixel]
        high += y[2 * pixel + 1]
      }
      target[0] += low
      target[1] += high
    }
  }

  @inline(__always)
  private func vectors(_ pointer: UnsafePointer<Float>) -> UnsafePointer<Vector> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: Vector.self)
  }

  @inline(__always)
  private func mutableVectors(
    _ pointer: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Vector> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Vector.self)
  }
}

/// Five times 16 accumulators.
private struct Sums {
  typealias Vector = NarrowConvolution.Vector
  static let count = 5

  private var a0, a1, a2, a3, a4, b0, b1, b2, b3, b4: Vector

  /// Starts from the values at `place`, from `each` five times, or from zeros.
  @inline(__always)
  init(_ place: UnsafePointer<Vector>?, each: UnsafePointer<Vector>?) {
    if let p = place {
      (a0, b0, a1, b1, a2) = (p[0], p[1], p[2], p[3], p[4])
      (b2, a3, b3, a4, b4) = (p[5], p[6], p[7], p[8], p[9])
    } else {
      let (a, b) = each.map { ($0[0], $0[1]) } ?? (.zero, .zero)
      (a0, a1, a2, a3, a4) = (a, a, a, a, a)
      (b0, b1, b2, b3, b4) = (b, b, b, b, b)
    }
  }

  /// Accumulates five values times 16.
  @inline(__always)
  mutating func add(
    _ x0: Float, _ x1: Float, _ x2: Float, _ x3: Float, _ x4: Float, _ u: Vector, _ v: Vector
  ) {
    a0.addProduct(Vector(repeating: x0), u)
    b0.addProduct(Vector(repeating: x0), v)
    a1.addProduct(Vector(repeating: x1), u)
    b1.addProduct(Vector(repeating: x1), v)
    a2.addProduct(Vector(repeating: x2), u)
    b2.addProduct(Vector(repeating: x2), v)
    a3.addProduct(Vector(repeating: x3), u)
    b3.addProduct(Vector(repeating: x3), v)
    a4.addProduct(Vector(repeating: x4), u)
    b4.addProduct(Vector(repeating: x4), v)
  }

  /// Adds the sums from index `first` on to the values in memory.
  @inline(__always)
  func add(to p: UnsafeMutablePointer<Vector>, from first: Int) {
    if first < 1 { (p[0], p[1]) = (p[0] + a0, p[1] + b0) }
    if first < 2 { (p[2], p[3]) = (p[2] + a1, p[3] + b1) }
    if first < 3 { (p[4], p[5]) = (p[4] + a2, p[5] + b2) }
    if first < 4 { (p[6], p[7]) = (p[6] + a3, p[7] + b3) }
    (p[8], p[9]) = (p[8] + a4, p[9] + b4)
  }

  /// Stores the sums from index `first` on; the earlier ones have already been written.
  @inline(__always)
  func store(at p: UnsafeMutablePointer<Vector>, from first: Int) {
    if first < 1 { (p[0], p[1]) = (a0, b0) }
    if first < 2 { (p[2], p[3]) = (a1, b1) }
    if first < 3 { (p[4], p[5]) = (a2, b2) }
    if first < 4 { (p[6], p[7]) = (a3, b3) }
    (p[8], p[9]) = (a4, b4)
  }
}
