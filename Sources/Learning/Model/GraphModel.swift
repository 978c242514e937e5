import Differentiation
import Networks
import ONNX
import Tensors

/// A user's own model from an ONNX file, with the loss that its targets ask for: the cross-entropy of
/// classes over the last axis, the squared error of numbers.
///
/// The first output of the graph is the answer. What does not fit is found when the model is made: for
/// the first shard by `init`, for shards of other sizes by ``refusal(ofShard:compute:as:)``. Recording
/// then succeeds.
public struct GraphModel: DescribedModel {
  /// The name of the file.
  public let name: String
  /// What the file says.
  public let graph: ONNXModel
  /// The examples that it takes.
  public let examples: ExampleDescription
  /// The trained tensors under the names of the file; those of a layer in a row.
  public let parameters: ParameterLayout
  /// What was done to make examples and graph fit.
  public private(set) var notes: [String] = []
  /// Whether the parameters start where the seed says instead of where the file says.
  private let draws: Bool
  private let input: GraphInput
  /// The graph as it is recorded.
  private let recorded: ONNXModel

  /// A model of a file for the examples of a data set.
  ///
  /// - Parameters:
  ///   - graph: what was read.
  ///   - name: the name of the file.
  ///   - examples: what it is to be trained on.
  ///   - shard: the examples of a shard.
  ///   - draws: whether the parameters start where the seed says instead of where the file says.
  /// - Throws: `GraphRefusal` if the graph cannot be trained on such examples.
  public init(
    _ graph: ONNXModel, name: String, for examples: ExampleDescription, shard: Int = 16,
    draws: Bool = false
  ) throws(GraphRefusal) {
    (self.graph, self.name, self.examples, self.draws) = (graph, name, examples, draws)
    guard !graph.parameters.isEmpty else {
      throw GraphRefusal("has no tensor that is trained")
    }
    recorded = graph.optimized
    parameters = ParameterLayout(of: graph, blocked: recorded.blocked)
    input = try GraphInput(graph, for: examples)
    notes = graph.hints + input.notes
    let tape = Tape<Float>()
    let fields = FieldVariables(examples.fields, count: shard, on: tape)
    let found = try answer(to: fields, with: ParameterVariables(parameters, on: tape), on: tape)
    try input.requireRows(for: examples, fields)
    _ = try arranged(found, for: fields, on: tape)
    notes += answerNotes(found)
    if !graph.statistics.isEmpty {
      notes.append(
        "batch normalisation goes by the mean and variance of each shard, here of \(shard) examples; "
          + "in shards of a whole minibatch they are the minibatch's, as in PyTorch")
    }
  }

  /// The file's, unless they are to be drawn.
  public func givenParameters<Number: Scalar>(as: Number.Type) -> [Number]? {
    guard !draws else { return nil }
    let values = Dictionary(
      uniqueKeysWithValues: graph.parameters.map { ($0.name, $0.values) }
        + graph.statistics.map { ($0.name, $0.values) })
    var flat = [Number](repeating: 0, count: parameters.count)
    flat.withUnsafeMutableBufferPointer { flat in
      for tensor in parameters.tensors {
        parameters.set(tensor, to: (values[tensor.name] ?? []).map { Number($0) }, in: flat)
      }
    }
    return flat
  }

  /// Inputs to answers, answers and targets to losses.
  public func record<Number: Scalar>(
    _ fields: FieldVariables<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> ModelOutputs<Number> {
    do throws(GraphRefusal) {
      return try losses(of: fields, with: parameters, on: tape)
    } catch {
      preconditionFailure("\(name) was not asked about shards of \(fields.count): \(error)")
    }
  }

  /// Why shards of `count` examples cannot be recorded.
  public func refusal<Number: Scalar>(
    ofShard count: Int, compute: ComputePrecision, as: Number.Type
  ) -> GraphRefusal? {
    let tape = Tape<Number>(compute: compute)
    let fields = FieldVariables(examples.fields, count: count, on: tape)
    do throws(GraphRefusal) {
      _ = try losses(of: fields, with: ParameterVariables(parameters, on: tape), on: tape)
      return nil
    } catch {
      return error
    }
  }

  /// The kernels of its convolutions.
  public func kernels(shard: Int, compute: ComputePrecision) -> [KernelName] {
    let tape = Tape<Float>(compute: compute)
    let fields = FieldVariables(examples.fields, count: shard, on: tape)
    _ = try? losses(of: fields, with: ParameterVariables(parameters, on: tape), on: tape)
    return tape.convolutions.flatMap { KernelName.ofConvolution($0, compute: compute) }
  }

  private func losses<Number: Scalar>(
    of fields: FieldVariables<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) throws(GraphRefusal) -> ModelOutputs<Number> {
    let found = try answer(to: fields, with: parameters, on: tape)
    return ModelOutputs(
      try arranged(found, for: fields, on: tape), for: examples.target, of: fields, on: tape)
  }
}

extension GraphModel {
  /// The first output, row-major.
  private func answer<Number: Scalar>(
    to fields: FieldVariables<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) throws(GraphRefusal) -> Variable<Number> {
    let outputs: [GraphValue<Number>]
    do throws(ModelProblems) {
      outputs = try recorded.record(
        [input.name: input.value(of: fields, on: tape)], parameter: { parameters[$0] }, on: tape)
    } catch {
      throw GraphRefusal(error)
    }
    guard case .variable(let answer)? = outputs.first, answer.isActive else {
      throw GraphRefusal("has an output \(outputName) that depends on no trained tensor")
    }
    if case .image = answer.shape { return tape.tensor(of: answer) }
    return answer
  }

  private var outputName: String { graph.outputs.first?.name ?? "" }

  /// The answers in the shape that the loss takes.
  private func arranged<Number: Scalar>(
    _ answer: Variable<Number>, for fields: FieldVariables<Number>, on tape: Tape<Number>
  ) throws(GraphRefusal) -> Variable<Number> {
    let found = answer.shape.dimensions
    guard found.first == fields.count else {
      throw GraphRefusal(
        "gives \(outputName) of the shape \(found) for \(fields.count) examples: its first axis must "
          + "be that of the examples")
    }
    let wanted: Shape
    switch examples.target.kind {
    case .numbers, .image:
      wanted = fields.numbers(examples.target.name).shape
      guard Self.areAlike(found, wanted.dimensions) else { throw refusal(found, numbers: wanted) }
    case .integers(let positions):
      let axes = [fields.count] + positions
      guard found.count > 1, let classes = found.last, Self.areAlike(Array(found.dropLast()), axes)
      else { throw refusal(found, positions: positions) }
      guard classes >= examples.classes else {
        throw GraphRefusal(
          "gives \(classes) number\(classes == 1 ? "" : "s") for \(positions.isEmpty ? "an example" : "a position") "
            + "(output \(outputName)), and the targets are \(examples.classes) classes: it must give one "
            + "for each class")
      }
      wanted = .tensor(axes + [classes])
    }
    if answer.shape == wanted { return answer }
    let tensor = tape.reshaped(answer, to: wanted.dimensions)
    if case .image = wanted { return tape.images(of: tensor) }
    return tensor
  }

  /// Whether shapes differ by axes of length 1 alone, behind that of the examples.
  private static func areAlike(_ found: [Int], _ wanted: [Int]) -> Bool {
    found.first == wanted.first
      && found.dropFirst().filter { $0 != 1 } == wanted.dropFirst().filter { $0 != 1 }
  }

  private func refusal(_ found: [Int], numbers wanted: Shape) -> GraphRefusal {
    GraphRefusal(
      "gives \(outputName) with the shape \(Array(found.dropFirst())) for an example, and its target "
        + "has the shape \(Array(wanted.dimensions.dropFirst())): they must be the same")
  }

  private func refusal(_ found: [Int], positions: [Int]) -> GraphRefusal {
    let own = Array(found.dropFirst())
    let expected = (positions + [examples.classes]).map(String.init).joined(separator: ", ")
    var text =
      "gives \(outputName) with the shape \(own) for an example, and its target is "
      + (positions.isEmpty
        ? "one of \(examples.classes) classes" : "a class for each position \(positions)")
      + ": the shape must be [\(expected)], one number for each class"
    if own.count == positions.count + 1, own.count > 1, Array(own.dropFirst()) == positions {
      text += "; move the axis of classes to the end before the export"
    }
    return GraphRefusal(text)
  }

  private func answerNotes<Number: Scalar>(_ answer: Variable<Number>) -> [String] {
    var notes: [String] = []
    if graph.outputs.count > 1 {
      let others = graph.outputs.dropFirst().map(\.name).joined(separator: ", ")
      notes.append("the loss is that of the output \(outputName); left out: \(others)")
    }
    if case .integers = examples.target.kind, let classes = answer.shape.dimensions.last,
      classes > examples.classes
    {
      notes.append(
        "it tells \(classes) classes apart, of which the targets have \(examples.classes)")
    }
    return notes
  }
}

extension ParameterLayout {
  /// The trained tensors of a file, those of a layer in a row, then running statistics.
  ///
  /// - Parameter blocked: weights of convolutions in blocks of channels.
  init(of graph: ONNXModel, blocked: Set<String> = []) {
    self.init()
    var order: [String] = []
    var groups: [String: [ONNXModel.Parameter]] = [:]
    for parameter in graph.parameters {
      let layer = ParameterTensor.layer(of: parameter.name)
      if groups[layer] == nil { order.append(layer) }
      groups[layer, default: []].append(parameter)
    }
    let laws = Dictionary(
      zip(graph.parameters.map(\.name), graph.laws), uniquingKeysWith: { first, _ in first })
    for parameter in order.flatMap({ groups[$0] ?? [] }) {
      append(
        parameter.name, parameter.dimensions,
        arrangement: blocked.contains(parameter.name) ? .convolution : .rowMajor,
        initial: ParameterTensor.Initial(laws[parameter.name] ?? graph.law(of: parameter)))
    }
    for statistic in graph.statistics {
      appendStatistic(
        statistic.name, statistic.dimensions, initial: statistic.fresh,
        momentum: statistic.momentum)
    }
  }
}

extension ParameterTensor.Initial {
  fileprivate init(_ law: ParameterLaw) {
    switch law {
    case .uniform(let bound): self = .uniformWithin(bound: bound)
    case .normal(let deviation): self = .normal(deviation: deviation)
    case .constant(let value): self = .constant(value)
    }
  }
}

extension GraphModel {
  /// The bytes of the file with other parameters.
  ///
  /// - Throws: if it would have more than two gigabytes, which the format does not allow.
  public func file<Number: Scalar>(
    with parameters: UnsafeBufferPointer<Number>
  ) throws(ModelProblems) -> [UInt8] {
    let values = self.parameters.tensors.map { tensor in
      (tensor.name, self.parameters.rowMajor(tensor, from: parameters).map { Double($0) })
    }
    return try graph.bytes(parameters: Dictionary(uniqueKeysWithValues: values), inference: true)
  }
}
