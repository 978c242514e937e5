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
  /// One channel of 28×28.
  public let imageShape = (channels: 1, height: 28, width: 28)
  /// Number of classes.
  public let classCount: Int
  /// `conv1`, `conv2`, `fc1`, `fc2`, weights and biases.
  public let parameters: ParameterLayout

  private static let filters = 16
  private static let hidden = 32

  /// A LeNet for `classCount` classes.
  public init(classCount: Int = 10) {
    self.classCount = classCount
    var layout = ParameterLayout()
    let filters = Self.filters
    layout.append("conv1.weight", [filters, 1, 5, 5], arrangement: .convolution, fanIn: 25)
    layout.append("conv1.bias", [filters], fanIn: 25)
    layout.append(
      "conv2.weight", [filters, filters, 5, 5], arrangement: .convolution, fanIn: 25 * filters)
    layout.append("conv2.bias", [filters], fanIn: 25 * filters)
    layout.append("fc1.weight", [Self.hidden, 16 * filters], fanIn: 16 * filters)
    layout.append("fc1.bias", [Self.hidden], fanIn: 16 * filters)
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
