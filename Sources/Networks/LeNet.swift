import Differentiation
import Tensors

/// The paper's LeNet: two 5×5 unpadded convolutions of 16 filters, each followed by 2×2 maximum
/// pooling, then linear layers 256 → 32 → 10; leaky rectifiers; 15 386 parameters for 28×28 images
/// (paper, appendix B.1; method 6).
///
/// The rectifier stands after the pooling instead of before it: it is increasing, so the maximum
/// commutes with it and the result is the same, for a quarter of the work.
public struct LeNet: Network {
  /// `lenet`.
  public let name = "lenet"
  /// One channel of 28×28 in the paper.
  public let imageShape: (channels: Int, height: Int, width: Int)
  /// Number of classes.
  public let classCount: Int
  /// `conv1`, `conv2`, `fc1`, `fc2`, weights and biases.
  public let parameters: ParameterLayout

  private static let filters = 16
  private static let hidden = 32

  /// The paper's LeNet for `classCount` classes.
  public init(classCount: Int = 10) {
    self.init(classCount: classCount, image: (1, 28, 28), pooled: (4, 4))
  }

  /// The same for images of another size or with other channels.
  ///
  /// - Throws: where two convolutions and poolings leave nothing of the image.
  public init(
    classCount: Int, image: (channels: Int, height: Int, width: Int)
  ) throws(NetworkRefusal) {
    // 16 pixels: 12 after a convolution, 6 pooled, 2 and 1.
    guard image.channels >= 1, min(image.height, image.width) >= 16 else {
      throw .input(
        "lenet", takes: "images of at least 16 by 16 pixels",
        found: .image(channels: image.channels, height: image.height, width: image.width))
    }
    func pooled(_ side: Int) -> Int { ((side - 4) / 2 - 4) / 2 }
    self.init(
      classCount: classCount, image: image, pooled: (pooled(image.height), pooled(image.width)))
  }

  private init(
    classCount: Int, image: (channels: Int, height: Int, width: Int),
    pooled: (height: Int, width: Int)
  ) {
    imageShape = image
    self.classCount = classCount
    var layout = ParameterLayout()
    let filters = Self.filters
    layout.append(
      "conv1.weight", [filters, image.channels, 5, 5], arrangement: .convolution,
      fanIn: 25 * image.channels)
    layout.append("conv1.bias", [filters], fanIn: 25 * image.channels)
    layout.append(
      "conv2.weight", [filters, filters, 5, 5], arrangement: .convolution, fanIn: 25 * filters)
    layout.append("conv2.bias", [filters], fanIn: 25 * filters)
    let flat = pooled.height * pooled.width * filters
    layout.append("fc1.weight", [Self.hidden, flat], fanIn: flat)
    layout.append("fc1.bias", [Self.hidden], fanIn: flat)
    layout.append("fc2.weight", [classCount, Self.hidden], fanIn: Self.hidden)
    layout.append("fc2.bias", [classCount], fanIn: Self.hidden)
    parameters = layout
  }

  /// Records the network on a tape.
  public func logits<Number: Scalar>(
    of images: Variable<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> Variable<Number> {
    var x = images
    for layer in ["conv1", "conv2"] {
      x = tape.convolution(
        x, weights: parameters["\(layer).weight"], bias: parameters["\(layer).bias"],
        outputChannels: Self.filters, kernel: 5)
      x = tape.leakyRectified(tape.maximumPool(x, window: 2))
    }
    x = tape.matrixProduct(tape.flattened(x), transposed: parameters["fc1.weight"])
    x = tape.leakyRectified(tape.adding(bias: parameters["fc1.bias"], to: x))
    x = tape.matrixProduct(x, transposed: parameters["fc2.weight"])
    return tape.adding(bias: parameters["fc2.bias"], to: x)
  }
}
