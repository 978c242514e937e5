import Differentiation
import Tensors

/// A wide residual network (Zagoruyko and Komodakis 2016) with group normalisation in place of batch
/// normalisation and leaky rectifiers (paper, appendix B): depth 6n + 4, three groups of n blocks with
/// 16k, 32k and 64k channels.
///
/// A block is pre-activated: y = rectified(norm(x)), then two 3×3 convolutions with a normalisation
/// between them, added to x, or to a 1×1 convolution of y where the shape changes.
public struct WideResNet: Network {
  /// `wrn-DEPTH-WIDTH`.
  public let name: String
  /// Three channels of 32×32 unless said otherwise.
  public let imageShape: (channels: Int, height: Int, width: Int)
  /// Number of classes.
  public let classCount: Int
  /// `conv1`, `groupG.blockB.…`, `norm`, `fc`.
  public let parameters: ParameterLayout

  private let blocks: [Block]
  private let lastChannels: Int

  private struct Block {
    let name: String
    let inputs: Int
    let outputs: Int
    let stride: Int

    var changesShape: Bool { inputs != outputs || stride != 1 }
  }

  /// A network of depth 6n + 4 and any width k.
  ///
  /// - Parameter image: what it takes; any size and any channels will do.
  public init(
    depth: Int, width: Int, classCount: Int = 10,
    image: (channels: Int, height: Int, width: Int) = (3, 32, 32)
  ) {
    precondition(
      min(image.channels, image.height, image.width) >= 1, "images \(image) have no pixels")
    precondition(
      depth >= 10 && (depth - 4) % 6 == 0 && width >= 1,
      "a wide residual network has a depth of 6n + 4 and a width from 1, not \(depth)-\(width)")
    name = "wrn-\(depth)-\(width)"
    imageShape = image
    self.classCount = classCount
    var blocks: [Block] = []
    var channels = 16
    for group in 0..<3 {
      let outputs = (16 << group) * width
      for block in 0..<(depth - 4) / 6 {
        blocks.append(
          Block(
            name: "group\(group + 1).block\(block + 1)", inputs: channels, outputs: outputs,
            stride: group > 0 && block == 0 ? 2 : 1))
        channels = outputs
      }
    }
    self.blocks = blocks
    lastChannels = channels
    parameters = Self.layout(blocks, image.channels, channels, classCount)
  }

  private static func layout(
    _ blocks: [Block], _ firstChannels: Int, _ lastChannels: Int, _ classCount: Int
  ) -> ParameterLayout {
    var layout = ParameterLayout()
    func convolution(_ name: String, _ outputs: Int, _ inputs: Int, _ kernel: Int) {
      layout.append(
        name, [outputs, inputs, kernel, kernel], arrangement: .convolution,
        fanIn: inputs * kernel * kernel)
    }
    func normalization(_ name: String, _ channels: Int) {
      layout.append("\(name).weight", [channels], initial: .constant(1))
      layout.append("\(name).bias", [channels], initial: .constant(0))
    }
    convolution("conv1.weight", 16, firstChannels, 3)
    for block in blocks {
      normalization("\(block.name).norm1", block.inputs)
      convolution("\(block.name).conv1.weight", block.outputs, block.inputs, 3)
      normalization("\(block.name).norm2", block.outputs)
      convolution("\(block.name).conv2.weight", block.outputs, block.outputs, 3)
      if block.changesShape {
        convolution("\(block.name).shortcut.weight", block.outputs, block.inputs, 1)
      }
    }
    normalization("norm", lastChannels)
    layout.append("fc.weight", [classCount, lastChannels], fanIn: lastChannels)
    layout.append("fc.bias", [classCount], fanIn: lastChannels)
    return layout
  }

  /// Records the network on a tape.
  public func logits<Number: Scalar>(
    of images: Variable<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> Variable<Number> {
    func normalized(_ x: Variable<Number>, _ name: String) -> Variable<Number> {
      tape.normalizedRectified(
        x, weight: parameters["\(name).weight"], bias: parameters["\(name).bias"])
    }
    var x = tape.convolution(
      images, weights: parameters["conv1.weight"], outputChannels: 16, kernel: 3, padding: 1)
    for block in blocks {
      let y = normalized(x, "\(block.name).norm1")
      var h = tape.convolution(
        y, weights: parameters["\(block.name).conv1.weight"], outputChannels: block.outputs,
        kernel: 3, stride: block.stride, padding: 1)
      h = normalized(h, "\(block.name).norm2")
      h = tape.convolution(
        h, weights: parameters["\(block.name).conv2.weight"], outputChannels: block.outputs,
        kernel: 3, padding: 1)
      let carried =
        block.changesShape
        ? tape.convolution(
          y, weights: parameters["\(block.name).shortcut.weight"], outputChannels: block.outputs,
          kernel: 1, stride: block.stride) : x
      x = tape.sum(h, carried)
    }
    x = normalized(x, "norm")
    guard case .image(_, _, let height, let width) = x.shape else {
      preconditionFailure("no image")
    }
    x =
      height == width
      ? tape.flattened(tape.averagePool(x, window: height)) : tape.globalAveragePool(x)
    x = tape.matrixProduct(x, transposed: parameters["fc.weight"])
    return tape.adding(bias: parameters["fc.bias"], to: x)
  }
}
