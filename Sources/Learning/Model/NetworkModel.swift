import Differentiation
import Networks
import Tensors

/// A built-in network on rows, sequences or tokens, with the loss that its targets ask for: the
/// cross-entropy of classes, the squared error of numbers.
///
/// The loss of classes at every position is the mean over the positions that have a target; a target of
/// −100 says that there is none, as in PyTorch.
public struct NetworkModel: Model {
  /// The network.
  public let network: any TensorNetwork
  /// The examples that it takes.
  public let examples: ExampleDescription

  /// A built-in network by name, for the examples of a data set.
  ///
  /// A network on sequences takes an image as the sequence of its rows.
  ///
  /// - Parameters:
  ///   - name: such as `mlp-512-512`.
  ///   - examples: its input may be tokens; its target may be classes, of the example or of each of its
  ///     positions, or numbers.
  ///   - dropout: the dropout rate of hidden layers during training.
  /// - Throws: `NetworkRefusal` if the network does not fit the examples.
  public init(
    _ name: NetworkName, for examples: ExampleDescription, dropout: Double = 0
  ) throws(NetworkRefusal) {
    let input: NetworkInput
    switch examples.input.kind {
    case .image(let channels, let height, let width) where name.takesSequences:
      input = .numbers([height, channels * width])
    case .integers(let shape) where shape.count != 1:
      throw .input("\(name)", takes: "tokens in sequences", found: .numbers(shape))
    default: input = examples.networkInput
    }
    switch examples.target.kind {
    case .integers(let shape) where !shape.isEmpty && shape != input.positions:
      throw .answer(
        "\(name)", answers: "once for each example or for each position of its input",
        found: .numbers(shape))
    case .image:
      throw .answer("\(name)", answers: "classes or numbers", found: examples.networkAnswer)
    default: break
    }
    network = try name.network(
      input: input, answer: examples.networkAnswer, dropout: dropout)
    self.examples = examples
  }

  /// The network's.
  public var name: String { network.name }

  /// The network's.
  public var parameters: ParameterLayout { network.parameters }

  /// Inputs to answers, answers and targets to losses.
  public func record<Number: Scalar>(
    _ fields: FieldVariables<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> ModelOutputs<Number> {
    let input: NetworkInputVariable<Number>
    switch (examples.input.kind, network.input) {
    case (.integers, _): input = .tokens(fields.integers(examples.input.name))
    case (.image(let channels, let height, let width), .numbers):
      input = .numbers(
        Self.rows(
          of: fields.numbers(examples.input.name), channels: channels, height: height,
          width: width, on: tape))
    default: input = .numbers(fields.numbers(examples.input.name))
    }
    let answers = network.answers(to: input, with: parameters, on: tape)
    return ModelOutputs(answers, for: examples.target, of: fields, on: tape)
  }
}

extension NetworkModel {
  /// Images as sequences of rows, `[count, height, channels · width]`.
  private static func rows<Number: Scalar>(
    of images: Variable<Number>, channels: Int, height: Int, width: Int, on tape: Tape<Number>
  ) -> Variable<Number> {
    let flat = tape.flattened(images)
    let count = flat.shape.dimensions[0]
    guard channels > 1 else { return tape.reshaped(flat, to: [count, height, width]) }
    let planes = tape.reshaped(flat, to: [count, channels, height, width])
    return tape.reshaped(
      tape.transposed(planes, [0, 2, 1, 3]), to: [count, height, channels * width])
  }
}

extension NetworkInput {
  /// The shape of targets of every position.
  fileprivate var positions: [Int]? {
    switch self {
    case .tokens(let length, _): [length]
    case .numbers(let shape) where shape.count == 2: [shape[0]]
    default: nil
    }
  }
}

extension ExampleMetric {
  /// The share of an example's positions with a target at which the largest logit, the first of equals,
  /// is the target's; 0 where none has a target.
  ///
  /// - Parameters:
  ///   - logits: `[count, …, classes]`.
  ///   - targets: `[count, …]`; −100 where there is no target.
  static func accuracy(_ logits: Variable<Number>, targets: IntegerInput) -> ExampleMetric {
    let count = max(1, targets.shape.dimensions.first ?? 1)
    let (positions, classes) = (targets.count / count, logits.count / max(1, targets.count))
    return ExampleMetric("accuracy", reading: [logits]) { example in
      var (counted, right) = (0, 0)
      for row in example * positions..<(example + 1) * positions
      where targets.pointer[row] != -100 {
        let x = logits.value + row * classes
        var best = 0
        for c in 1..<max(1, classes) where x[c] > x[best] { best = c }
        counted += 1
        right += best == Int(targets.pointer[row]) ? 1 : 0
      }
      return counted > 0 ? Double(right) / Double(counted) : 0
    }
  }
}
