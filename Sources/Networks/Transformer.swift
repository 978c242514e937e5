import Differentiation
import Tensors

/// A transformer with the normalisation before each part: `transformer-4-128-4` has 4 layers of width
/// 128 with 4 heads.
///
/// A layer is x + attention(norm(x)), then x + MLP(norm(x)) with 4 times the width inside and a GELU:
/// PyTorch's `TransformerEncoderLayer` with `norm_first`, whose names the parameters have and as which
/// they start. Where every position has a target, a position sees only those before it and itself; else
/// all see all, and the mean over the positions is what a linear layer answers from.
///
/// Tokens have vectors, and positions too, which are added. The vectors start normal with deviation 0.02,
/// as in GPT-2, not with the deviation 1 of PyTorch's `Embedding`, which would drown what the first
/// layers add. R. Xiong et al., "On layer normalization in the transformer architecture", ICML 2020;
/// A. Radford et al., "Language models are unsupervised multitask learners" (2019).
public struct Transformer: TensorNetwork {
  /// `transformer-LAYERS-WIDTH-HEADS`.
  public let name: String
  /// Tokens, or sequences `[length, features]`.
  public let input: NetworkInput
  /// Anything.
  public let answer: NetworkAnswer
  /// `embedding` or `projection`, `position`, `layers.0.…`, `norm`, `fc`.
  public let parameters: ParameterLayout

  private let layers: Int
  private let width: Int
  private let heads: Int
  private let dropout: Double

  /// A transformer for some data.
  ///
  /// - Throws: where the data are no sequences, or the heads do not divide the width.
  public init(
    layers: Int, width: Int, heads: Int, input: NetworkInput, answer: NetworkAnswer,
    dropout: Double = 0
  ) throws(NetworkRefusal) {
    name = "\(NetworkName.transformer(layers: layers, width: width, heads: heads))"
    guard heads > 0, width.isMultiple(of: heads) else {
      throw .indivisible(name, width: width, heads: heads)
    }
    self.layers = layers
    self.width = width
    self.heads = heads
    self.input = input
    self.answer = answer
    self.dropout = dropout
    var layout = ParameterLayout()
    let length: Int
    switch input {
    case .tokens(let count, let vocabulary) where count > 0:
      length = count
      layout.append("embedding.weight", [vocabulary, width], initial: .normal(deviation: 0.02))
    case .numbers(let shape) where shape.count == 2 && shape[0] > 0:
      length = shape[0]
      layout.appendLinear("projection", inputs: shape[1], outputs: width)
    default: throw .input(name, takes: "tokens or sequences [length, features]", found: input)
    }
    layout.append("position.weight", [length, width], initial: .normal(deviation: 0.02))
    for layer in 0..<layers { Self.append("layers.\(layer)", width, to: &layout) }
    layout.appendNormalization("norm", width)
    layout.appendLinear("fc", inputs: width, outputs: answer.count)
    parameters = layout
  }

  private static func append(_ name: String, _ width: Int, to layout: inout ParameterLayout) {
    // PyTorch's MultiheadAttention: Xavier's bound for the three maps together, biases 0.
    let bound = (6.0 / Double(4 * width)).squareRoot()
    layout.append(
      "\(name).self_attn.in_proj_weight", [3 * width, width],
      initial: .uniformWithin(bound: bound))
    layout.append("\(name).self_attn.in_proj_bias", [3 * width], initial: .constant(0))
    layout.append("\(name).self_attn.out_proj.weight", [width, width], fanIn: width)
    layout.append("\(name).self_attn.out_proj.bias", [width], initial: .constant(0))
    layout.appendLinear("\(name).linear1", inputs: width, outputs: 4 * width)
    layout.appendLinear("\(name).linear2", inputs: 4 * width, outputs: width)
    layout.appendNormalization("\(name).norm1", width)
    layout.appendNormalization("\(name).norm2", width)
  }

  /// Records the network on a tape.
  public func answers<Number: Scalar>(
    to input: NetworkInputVariable<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> Variable<Number> {
    var x: Variable<Number>
    switch input {
    case .tokens(let tokens): x = tape.rows(of: parameters["embedding.weight"], at: tokens)
    case .numbers(let numbers): x = linear(numbers, "projection", parameters, on: tape)
    }
    x = tape.dropout(tape.sum(x, parameters["position.weight"]), rate: dropout)
    for layer in 0..<layers {
      let name = "layers.\(layer)"
      let y = attention(
        normalized(x, "\(name).norm1", parameters, on: tape), "\(name).self_attn", parameters, tape)
      x = tape.sum(x, tape.dropout(y, rate: dropout))
      var h = linear(
        normalized(x, "\(name).norm2", parameters, on: tape), "\(name).linear1", parameters,
        on: tape)
      h = linear(tape.gelu(h), "\(name).linear2", parameters, on: tape)
      x = tape.sum(x, tape.dropout(h, rate: dropout))
    }
    x = normalized(x, "norm", parameters, on: tape)
    if !answer.isOfPositions { x = tape.mean(of: x, axes: [1]) }
    x = linear(x, "fc", parameters, on: tape)
    guard case .numbers(let numbers) = answer, numbers.count != 1 else { return x }
    return tape.reshaped(x, to: [x.shape.dimensions[0]] + numbers)
  }

  /// softmax(Q Kᵀ / √d) V for every head, and the linear layer behind it.
  private func attention<Number: Scalar>(
    _ x: Variable<Number>, _ name: String, _ parameters: ParameterVariables<Number>,
    _ tape: Tape<Number>
  ) -> Variable<Number> {
    let projected = tape.sum(
      tape.matrixProduct(x, parameters["\(name).in_proj_weight"], transposingRight: true),
      parameters["\(name).in_proj_bias"])
    let scale = Number(1 / Double(width / heads).squareRoot())
    let query = tape.heads(of: projected, part: 0, of: 3, count: heads, scale: scale)
    let key = tape.heads(of: projected, part: 1, of: 3, count: heads)
    let value = tape.heads(of: projected, part: 2, of: 3, count: heads)
    let scores = tape.matrixProduct(query, key, transposingRight: true)
    let weights = tape.softmax(scores, mask: answer.isOfPositions ? .causal : nil)
    let y = tape.joined(heads: tape.matrixProduct(weights, value))
    return linear(y, "\(name).out_proj", parameters, on: tape)
  }
}
