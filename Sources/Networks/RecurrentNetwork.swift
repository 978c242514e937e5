import Differentiation
import Tensors

/// Layers of gated recurrent units: `gru-128` has one of 128 numbers.
///
/// A linear layer answers from the last state, or from every state where every position has a target.
/// Weights and biases of the recurrent layers start uniform in ±1/√size, as PyTorch's `GRU` does, tokens
/// as its `Embedding`, normal with deviation 1, in vectors as long as the first layer's state.
public struct RecurrentNetwork: TensorNetwork {
  /// `gru-SIZE-…`.
  public let name: String
  /// Sequences `[length, features]`, or tokens.
  public let input: NetworkInput
  /// Anything.
  public let answer: NetworkAnswer
  /// `embedding`, `rnn1`, …, `fc`; the recurrent ones named as in PyTorch's `GRU` of one layer.
  public let parameters: ParameterLayout

  private let layers: Int
  private let dropout: Double

  /// A recurrent network for some data.
  ///
  /// - Throws: where the data are no sequences.
  public init(
    sizes: [Int], input: NetworkInput, answer: NetworkAnswer, dropout: Double = 0
  ) throws(NetworkRefusal) {
    name = "\(NetworkName.recurrent(sizes: sizes))"
    self.input = input
    self.answer = answer
    self.dropout = dropout
    layers = sizes.count
    var layout = ParameterLayout()
    var features: Int
    switch input {
    case .numbers(let shape) where shape.count == 2 && shape[0] > 0: features = shape[1]
    case .tokens(let length, let vocabulary) where length > 0:
      features = sizes.first ?? 1
      layout.append("embedding.weight", [vocabulary, features], initial: .normal(deviation: 1))
    default: throw .input(name, takes: "sequences [length, features] or tokens", found: input)
    }
    for (i, size) in sizes.enumerated() {
      let layer = "rnn\(i + 1)"
      layout.append("\(layer).weight_ih", [3 * size, features], fanIn: size)
      layout.append("\(layer).weight_hh", [3 * size, size], fanIn: size)
      layout.append("\(layer).bias_ih", [3 * size], fanIn: size)
      layout.append("\(layer).bias_hh", [3 * size], fanIn: size)
      features = size
    }
    layout.appendLinear("fc", inputs: features, outputs: answer.count)
    parameters = layout
  }

  /// Records the network on a tape.
  public func answers<Number: Scalar>(
    to input: NetworkInputVariable<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> Variable<Number> {
    var x: Variable<Number>
    switch input {
    case .numbers(let numbers): x = numbers
    case .tokens(let tokens): x = tape.rows(of: parameters["embedding.weight"], at: tokens)
    }
    for i in 1...layers {
      let layer = "rnn\(i)"
      x = tape.gru(
        x, inputWeight: parameters["\(layer).weight_ih"],
        stateWeight: parameters["\(layer).weight_hh"], inputBias: parameters["\(layer).bias_ih"],
        stateBias: parameters["\(layer).bias_hh"])
      x = tape.dropout(x, rate: dropout)
    }
    let shape = x.shape.dimensions
    if !answer.isOfPositions {
      let last = tape.slice(x, axis: 1, shape[1] - 1..<shape[1])
      x = tape.reshaped(last, to: [shape[0], shape[2]])
    }
    x = linear(x, "fc", parameters, on: tape)
    guard case .numbers(let numbers) = answer, numbers.count != 1 else { return x }
    return tape.reshaped(x, to: [shape[0]] + numbers)
  }
}
