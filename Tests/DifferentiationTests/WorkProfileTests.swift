import Differentiation
import Tensors
import Testing

@Suite("WorkProfile") struct WorkProfileTests {
  /// Images through a first convolution, a normalisation, a second convolution, a pool and a sum.
  private struct Example {
    let tape = Tape<Float>()
    let images: Variable<Float>
    let parameters: Buffer<Float>
    static let first = ConvolutionGeometry(
      batch: 2, inputChannels: 3, outputChannels: 16, height: 8, width: 8, kernel: 3, padding: 1)
    static let second = ConvolutionGeometry(
      batch: 2, inputChannels: 16, outputChannels: 16, height: 8, width: 8, kernel: 3, padding: 1)

    init() {
      let (one, two) = (Self.first.weightCount, Self.second.weightCount)
      images = tape.input(.image(batch: 2, channels: 3, height: 8, width: 8))
      var x = tape.convolution(
        images, weights: tape.parameter(.vector(one), offset: 0), outputChannels: 16, kernel: 3,
        padding: 1)
      x = tape.normalizedRectified(
        x, weight: tape.parameter(.vector(16), offset: one + two),
        bias: tape.parameter(.vector(16), offset: one + two + 16))
      x = tape.convolution(
        x, weights: tape.parameter(.vector(two), offset: one), outputChannels: 16, kernel: 3,
        padding: 1)
      x = tape.flattened(tape.averagePool(x, window: 8))
      x = tape.matrixProduct(
        x, transposed: tape.parameter(.matrix(rows: 4, columns: 16), offset: one + two + 32))
      let losses = tape.crossEntropy(x, labels: tape.integerInput(.vector(2)))
      tape.seal(output: losses, passes: .tangents)
      parameters = Buffer(count: one + two + 32 + 64)
      var stream = RandomStream(seed: 3, purpose: .testing)
      for i in 0..<parameters.count { parameters.pointer[i] = Float(stream.normal()) }
      for i in 0..<images.count { images.value[i] = Float(stream.normal()) }
      tape.bind(parameters: parameters.pointer)
    }

    /// The gradient and its tangent along the parameters themselves.
    func derivatives() -> [Float] {
      let results = Buffer<Float>(count: 2 * parameters.count)
      tape.replay()
      let (ones, zeros): ([Float], [Float]) = ([1, 1], [0, 0])
      ones.withUnsafeBufferPointer { ones in
        zeros.withUnsafeBufferPointer { zeros in
          guard let ones = ones.baseAddress, let zeros = zeros.baseAddress else { return }
          tape.pullback(seed: ones, into: results.pointer)
          _ = tape.tangents(along: parameters.pointer)
          tape.pullbackTangents(seed: zeros, into: results.pointer + parameters.count)
        }
      }
      return Array(results.elements)
    }
  }

  @Test("counts the products of all passes, and changes no bit")
  func products() {
    let example = Example()
    let plain = example.derivatives()
    let profile = WorkProfile()
    example.tape.profile = profile
    #expect(example.derivatives() == plain)
    // Without an input gradient 1 + 1 + 1 + 1 products, with one 1 + 2 + 2 + 4.
    let convolutions = 4 * Example.first.operations + 9 * Example.second.operations
    #expect(profile.convolutionOperations == convolutions)
    #expect(profile.operations == convolutions + 9 * 2 * 2 * 16 * 4)
    let calls = profile.kernelCalls.filter { $0.key.geometry == Example.second }
    let counts = Dictionary(uniqueKeysWithValues: calls.map { ($0.key.product, $0.value) })
    #expect(
      counts == [
        .forward: 1, .tangent: 1, .addingTangent: 1, .weightGradient: 3, .inputGradient: 3,
      ])
    for kind in [WorkKind.convolution, .product, .normalization, .elementwise] {
      #expect(profile.seconds(of: kind) > 0, "\(kind)")
    }
    #expect(profile.seconds(of: .sums) == 0)
  }

  @Test("counts nothing once it is taken away")
  func takenAway() {
    let example = Example()
    let profile = WorkProfile()
    example.tape.profile = profile
    _ = example.derivatives()
    let operations = profile.operations
    example.tape.profile = nil
    _ = example.derivatives()
    #expect(operations > 0 && profile.operations == operations)
  }
}
