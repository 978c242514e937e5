import Differentiation
import Tensors
import Testing

@testable import Networks

@Suite struct WideResNetTests {
  /// Counted by hand: conv1 432, blocks, the last normalisation 2·64k and the classifier.
  @Test(arguments: [(10, 1, 77_850), (16, 2, 691_674), (28, 2, 1_467_610)])
  func hasTheParametersOfItsShape(_ depth: Int, _ width: Int, _ count: Int) {
    let network = WideResNet(depth: depth, width: width)
    #expect(network.parameters.count == count)
    #expect(network.name == "wrn-\(depth)-\(width)")
  }

  /// Only the first convolution sees the channels, and nothing the size.
  ///
  /// The values are of single precision's kernels against those of double, which have nothing in
  /// common.
  @Test(arguments: [(1, 28, 28), (4, 9, 14), (3, 1, 2)])
  func takesOtherImages(_ image: (Int, Int, Int)) {
    let network = WideResNet(depth: 10, width: 1, image: image)
    #expect(network.parameters.count == 77_850 + 144 * (image.0 - 3))
    func logits<Number: Scalar>(_: Number.Type) -> [Double] {
      let tape = Tape<Number>()
      let images = tape.input(
        .image(batch: 2, channels: image.0, height: image.1, width: image.2))
      let logits = network.logits(
        of: images, with: ParameterVariables(network.parameters, on: tape), on: tape)
      tape.seal(output: logits, passes: .values)
      let flat = Jet<Number>(count: network.parameters.count, tangentCount: 0)
      let start = network.parameters.initialParameters(seed: 3, as: Double.self)
      for (i, number) in start.enumerated() { flat.primal[i] = Number(number) }
      return withExtendedLifetime(flat) {
        tape.bind(parameters: flat.storage.pointer)
        for i in 0..<images.count { images.value[i] = Number(Double(i * 29 % 41) / 20 - 1) }
        tape.replay()
        return (0..<logits.count).map { Double(logits.value[$0]) }
      }
    }
    let (exact, found) = (logits(Double.self), logits(Float.self))
    #expect(exact.count == 20)
    // Ten layers of single-precision rounding; groups of few pixels magnify it.
    for (a, b) in zip(found, exact) { #expect(abs(a - b) <= 1e-3 * max(1, abs(b))) }
  }

  @Test func normalisationsStartAtOneAndZero() {
    let layout = WideResNet(depth: 10, width: 1).parameters
    let values = layout.initialParameters(seed: 3, as: Float.self)
    let weight = layout["group2.block1.norm1.weight"]
    let bias = layout["group2.block1.norm1.bias"]
    #expect(values[weight.offset..<weight.offset + weight.count].allSatisfy { $0 == 1 })
    #expect(values[bias.offset..<bias.offset + bias.count].allSatisfy { $0 == 0 })
    let convolution = layout["group1.block1.conv1.weight"]
    let bound = 1 / Float(16 * 9).squareRoot()
    let drawn = values[convolution.offset..<convolution.offset + convolution.count]
    #expect(drawn.allSatisfy { abs($0) <= bound } && drawn.contains { abs($0) > bound / 2 })
  }
}
