import Differentiation
import Tensors

/// A perceptron of several layers: `mlp-512-512` has two hidden ones of 512 numbers.
///
/// Each is linear, normalised if the name ends in `-ln`, then a GELU; a linear layer answers. All start
/// as PyTorch's `Linear` and `LayerNorm` do.
public struct Perceptron: TensorNetwork {
  /// `mlp-WIDTH-…`, with `-ln`.
  public let name: String
  /// Numbers of any shape, or images.
  public let input: NetworkInput
  /// Classes or numbers.
  public let answer: NetworkAnswer
  /// Linear layers `fc1`, `fc2` and so on, normalisations `norm1` and so on.
  public let parameters: ParameterLayout

  private let hidden: Int
  private let normalizes: Bool
  private let dropout: Double

  /// A perceptron for some data.
  ///
  /// - Throws: where the data are no numbers or images, or have a target at every position.
  public init(
    widths: [Int], normalizes: Bool = false, input: NetworkInput, answer: NetworkAnswer,
    dropout: Double = 0
  ) throws(NetworkRefusal) {
    name = "\(NetworkName.perceptron(widths: widths, normalizes: normalizes))"
    self.input = input
    self.answer = answer
    self.normalizes = normalizes
    self.dropout = dropout
    hidden = widths.count
    var inputs: Int
    switch input {
    case .image(let channels, let height, let width): inputs = channels * height * width
    case .numbers(let shape): inputs = shape.reduce(1, *)
    case .tokens: throw .input(name, takes: "rows of numbers or images", found: input)
    }
    if answer.isOfPositions {
      throw .answer(name, answers: "once for each example", found: answer)
    }
    var layout = ParameterLayout()
    for (i, width) in widths.enumerated() {
      layout.appendLinear("fc\(i + 1)", inputs: inputs, outputs: width)
      if normalizes { layout.appendNormalization("norm\(i + 1)", width) }
      inputs = width
    }
    layout.appendLinear("fc\(widths.count + 1)", inputs: inputs, outputs: answer.count)
    parameters = layout
  }

  /// Records the network on a tape.
  public func answers<Number: Scalar>(
    to input: NetworkInputVariable<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> Variable<Number> {
    guard case .numbers(let numbers) = input else {
      preconditionFailure("\(name) takes \(self.input), not tokens")
    }
    var x = numbers.shape.matrixSize == nil ? tape.flattened(numbers) : numbers
    for i in 1...hidden {
      x = linear(x, "fc\(i)", parameters, on: tape)
      if normalizes { x = normalized(x, "norm\(i)", parameters, on: tape) }
      x = tape.dropout(tape.gelu(x), rate: dropout)
    }
    x = linear(x, "fc\(hidden + 1)", parameters, on: tape)
    guard case .numbers(let shape) = answer, shape.count != 1 else { return x }
    return tape.reshaped(x, to: [x.shape.dimensions[0]] + shape)
  }
}
