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
