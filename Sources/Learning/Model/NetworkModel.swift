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
  /// The fields that the network takes and that the loss compares with.
  public let names: (input: String, target: String)

  /// A network as a model.
  ///
  /// - Parameters:
  ///   - network: what answers.
  ///   - input: the field that it takes.
  ///   - target: the field of what it should answer.
  public init(_ network: any TensorNetwork, input: String = "inputs", target: String = "targets") {
    self.network = network
    names = (input, target)
  }

  /// A built-in network by name, for examples of some fields.
  ///
  /// - Parameters:
  ///   - name: such as `mlp-512-512`.
  ///   - input: the field that it takes; integers are tokens.
  ///   - target: the field of what it should answer: integers are classes, of the example or of each of
  ///     its positions, and numbers are numbers.
  ///   - vocabulary: kinds of tokens, if the input has any.
  ///   - classes: kinds of targets, if they are classes.
  ///   - dropout: the rate of what hidden layers leave out while training.
  /// - Throws: a refusal that says what the network takes instead.
  public init(
    _ name: NetworkName, input: ExampleField, target: ExampleField, vocabulary: Int = 0,
    classes: Int = 0, dropout: Double = 0
  ) throws(NetworkRefusal) {
    let taken: NetworkInput
    switch input.kind {
    case .image(let channels, let height, let width):
      taken = .image(channels: channels, height: height, width: width)
    case .numbers(let shape): taken = .numbers(shape)
    case .integers(let shape):
      guard shape.count == 1 else {
        throw .input("\(name)", takes: "tokens in sequences", found: .numbers(shape))
      }
      taken = .tokens(length: shape[0], vocabulary: vocabulary)
    }
    let answer: NetworkAnswer
    switch target.kind {
    case .integers([]): answer = .classes(classes)
    case .integers(let shape):
      guard shape == taken.positions else {
        throw .answer(
          "\(name)", answers: "once for each example or for each position of its input",
          found: .numbers(shape))
      }
      answer = .classesOfPositions(classes)
    case .numbers(let shape): answer = .numbers(shape)
    case .image(let channels, let height, let width):
      throw .answer(
        "\(name)", answers: "classes or numbers", found: .numbers([channels, height, width]))
    }
    self.init(
      try name.network(input: taken, answer: answer, dropout: dropout), input: input.name,
      target: target.name)
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
    let input: NetworkInputVariable<Number> =
      if case .tokens = network.input {
        .tokens(fields.integers(names.input))
      } else {
        .numbers(fields.numbers(names.input))
      }
    let answers = network.answers(to: input, with: parameters, on: tape)
    switch network.answer {
    case .numbers:
      return ModelOutputs(losses: tape.squaredError(answers, fields.numbers(names.target)))
    case .classes, .classesOfPositions:
      let targets = fields.integers(names.target)
      return ModelOutputs(
        losses: tape.crossEntropy(answers, targets: targets),
        metrics: [.accuracy(answers, targets: targets)])
    }
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
