import Differentiation
import Tensors

/// What a network takes of an example.
public enum NetworkInput: Hashable, Sendable {
  /// An image, laid out as convolutions want it.
  case image(channels: Int, height: Int, width: Int)
  /// Numbers of a shape, row-major.
  case numbers([Int])
  /// A sequence of `length` tokens, each in 0 ..< vocabulary.
  case tokens(length: Int, vocabulary: Int)
}

extension NetworkInput {
  /// Whether there are numbers or tokens in it.
  var isSomething: Bool {
    switch self {
    case .image(let channels, let height, let width): channels * height * width > 0
    case .numbers(let shape): shape.reduce(1, *) > 0
    case .tokens(let length, let vocabulary): length > 0 && vocabulary > 0
    }
  }
}

extension NetworkInput: CustomStringConvertible {
  /// In words, such as `images [3, 32, 32]`.
  public var description: String {
    switch self {
    case .image(let channels, let height, let width): "images \([channels, height, width])"
    case .numbers(let shape) where shape.count == 1: "rows of \(shape[0]) numbers"
    case .numbers(let shape): "numbers \(shape)"
    case .tokens(let length, let vocabulary): "sequences of \(length) tokens of \(vocabulary) kinds"
    }
  }
}

/// What a network answers for an example.
public enum NetworkAnswer: Hashable, Sendable {
  /// Logits of classes.
  case classes(Int)
  /// Logits of classes at every position of a sequence, such as the next token.
  case classesOfPositions(Int)
  /// Numbers of a shape.
  case numbers([Int])

  /// Numbers of an answer, or of one position's.
  var count: Int {
    switch self {
    case .classes(let count), .classesOfPositions(let count): count
    case .numbers(let shape): shape.reduce(1, *)
    }
  }

  /// Whether it is one for every position.
  var isOfPositions: Bool {
    if case .classesOfPositions = self { return true }
    return false
  }
}

/// An input of a shard on a tape.
public enum NetworkInputVariable<Number: Scalar> {
  /// Images or numbers, examples first.
  case numbers(Variable<Number>)
  /// Tokens `[examples, length]`.
  case tokens(IntegerInput)
}

/// A network on anything but images alone: its parameters, and its answers as a function of inputs.
public protocol TensorNetwork: Sendable {
  /// The name in configurations.
  var name: String { get }
  /// What it takes.
  var input: NetworkInput { get }
  /// What it answers.
  var answer: NetworkAnswer { get }
  /// The parameters and their places in the flat vector.
  var parameters: ParameterLayout { get }

  /// Records the network on a tape: answers `[examples, …]`, or `[examples, length, classes]` for those
  /// of positions.
  func answers<Number: Scalar>(
    to input: NetworkInputVariable<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> Variable<Number>
}

extension TensorNetwork {
  /// y = x Wᵀ + b over the last axis, by the parameters `name.weight` and `name.bias`.
  func linear<Number: Scalar>(
    _ x: Variable<Number>, _ name: String, _ parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> Variable<Number> {
    let y = tape.matrixProduct(x, parameters["\(name).weight"], transposingRight: true)
    return tape.sum(y, parameters["\(name).bias"])
  }

  /// The layer normalisation with `name.weight` and `name.bias`.
  func normalized<Number: Scalar>(
    _ x: Variable<Number>, _ name: String, _ parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> Variable<Number> {
    tape.layerNormalized(x, weight: parameters["\(name).weight"], bias: parameters["\(name).bias"])
  }
}

extension ParameterLayout {
  /// A linear layer as PyTorch's `Linear` starts: uniform in ±1/√inputs.
  mutating func appendLinear(_ name: String, inputs: Int, outputs: Int) {
    append("\(name).weight", [outputs, inputs], fanIn: inputs)
    append("\(name).bias", [outputs], fanIn: inputs)
  }

  /// A normalisation, at 1 and 0.
  mutating func appendNormalization(_ name: String, _ count: Int) {
    append("\(name).weight", [count], initial: .constant(1))
    append("\(name).bias", [count], initial: .constant(0))
  }
}
