import Differentiation
import Tensors
import Testing

@testable import Networks

@Suite struct LeNetTests {
  @Test func hasThePapersParameters() {
    #expect(LeNet().parameters.count == 15_386)
    #expect(
      LeNet().parameters.tensors.map(\.name) == [
        "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias",
        "fc2.weight", "fc2.bias",
      ])
  }

  /// Counts by hand: the first convolution has 25 weights a channel, fc1 has 25·16 or 2·16 inputs.
  ///
  /// A shard is recorded, so that all shapes go together.
  @Test(arguments: [[1, 28, 28, 15_386], [3, 32, 32, 20_794], [2, 16, 21, 8_618]])
  func takesOtherImages(_ numbers: [Int]) throws {
    let image = (numbers[0], numbers[1], numbers[2])
    let network = try LeNet(classCount: 10, image: image)
    #expect(network.parameters.count == numbers[3])
    let tape = Tape<Float>()
    let images = tape.input(
      .image(batch: 2, channels: image.0, height: image.1, width: image.2))
    let logits = network.logits(
      of: images, with: ParameterVariables(network.parameters, on: tape), on: tape)
    #expect(logits.shape == .matrix(rows: 2, columns: 10))
  }

  @Test func refusesImagesOfWhichNothingIsLeft() {
    let refusal = #expect(throws: NetworkRefusal.self) {
      _ = try LeNet(classCount: 10, image: (3, 15, 40))
    }
    #expect(
      refusal?.description
        == "lenet: it takes images of at least 16 by 16 pixels, not images [3, 15, 40]")
  }

  /// Convolution, pooling and linear layers written out as sums, in PyTorch's order of numbers.
  @Test func logitsAreThoseOfPlainLoops() {
    let network = LeNet()
    let flat = Jet<Double>(count: network.parameters.count, tangentCount: 0)
    var tensors: [String: [Double]] = [:]
    for (number, tensor) in network.parameters.tensors.enumerated() {
      let values = (0..<tensor.count).map { 0.2 * wave($0, number) }
      tensors[tensor.name] = values
      network.parameters.set(tensor, to: values, in: flat.primal)
      #expect(
        network.parameters.rowMajor(tensor, from: UnsafeBufferPointer(flat.primal)) == values)
    }
    let tape = Tape<Double>()
    let images = tape.input(.image(batch: 2, channels: 1, height: 28, width: 28))
    let logits = network.logits(
      of: images, with: ParameterVariables(network.parameters, on: tape), on: tape)
    tape.seal(output: logits, passes: .values)
    for i in 0..<images.count { images.value[i] = wave(i, 31) }
    let expected = (0..<2).map { image in
      plainLeNet((0..<784).map { wave(image * 784 + $0, 31) }, tensors)
    }
    withExtendedLifetime(flat) {
      tape.bind(parameters: flat.storage.pointer)
      tape.replay()
    }
    for image in 0..<2 {
      for c in 0..<10 {
        // Sums of a few hundred terms of size 1 in another order.
        #expect(abs(logits.value[image * 10 + c] - expected[image][c]) <= 1e-12)
      }
    }
  }

  private func wave(_ i: Int, _ kind: Int) -> Double {
    let period = 101
    let place = (i * (37 + 2 * kind) + kind * 11) % period
    return 2 * Double(place) / Double(period) - 1
  }

  private func plainLeNet(_ image: [Double], _ t: [String: [Double]]) -> [Double] {
    var x = convolved(image, 1, 28, t["conv1.weight"] ?? [], t["conv1.bias"] ?? [])
    x = pooled(x.map(leaky), 24)
    x = convolved(x, 16, 12, t["conv2.weight"] ?? [], t["conv2.bias"] ?? [])
    x = pooled(x.map(leaky), 8)
    x = linear(x, t["fc1.weight"] ?? [], t["fc1.bias"] ?? []).map(leaky)
    return linear(x, t["fc2.weight"] ?? [], t["fc2.bias"] ?? [])
  }

  private func leaky(_ x: Double) -> Double { x > 0 ? x : 0.01 * x }

  private func convolved(
    _ x: [Double], _ inputs: Int, _ side: Int, _ w: [Double], _ b: [Double]
  ) -> [Double] {
    let out = side - 4
    var y: [Double] = []
    for o in 0..<16 {
      for row in 0..<out {
        for column in 0..<out {
          var total = b[o]
          for i in 0..<inputs {
            for dy in 0..<5 {
              for dx in 0..<5 {
                let weight = w[((o * inputs + i) * 5 + dy) * 5 + dx]
                let pixel = x[(i * side + row + dy) * side + column + dx]
                total += weight * pixel
              }
            }
          }
          y.append(total)
        }
      }
    }
    return y
  }

  private func pooled(_ x: [Double], _ side: Int) -> [Double] {
    var y: [Double] = []
    for channel in 0..<16 {
      for row in 0..<side / 2 {
        for column in 0..<side / 2 {
          let corner = (channel * side + 2 * row) * side + 2 * column
          y.append(max(x[corner], x[corner + 1], x[corner + side], x[corner + side + 1]))
        }
      }
    }
    return y
  }

  private func linear(_ x: [Double], _ w: [Double], _ b: [Double]) -> [Double] {
    var y = b
    for o in b.indices {
      for i in x.indices { y[o] += w[o * x.count + i] * x[i] }
    }
    return y
  }
}
