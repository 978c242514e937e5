/// A model that was read from an ONNX file, with the decision which of its tensors are trained.
public struct ONNXModel: Sendable {
  /// What decides about parameters against the rule.
  public struct Choices: Equatable, Sendable {
    /// Names or patterns (`*`, `?`) of tensors that stay as they are.
    public var freeze: [String] = []
    /// Names or patterns of tensors that are trained although the rule says that they are constants.
    public var train: [String] = []
    /// Whether tensors that are equal, or equal when transposed, are one parameter.
    public var ties = true

    /// The rule alone.
    public init() {}
  }

  /// A tensor that is trained.
  public struct Parameter: Equatable, Sendable {
    /// The initializer's name in the file.
    public let name: String
    /// As the file has it.
    public let dimensions: [Int]
    /// Initial values, row-major.
    public let values: [Double]
  }

  /// Trained tensors in the order of their first use.
  public let parameters: [Parameter]
  /// Running statistics, which follow what minibatches measure.
  public let statistics: [Statistic]
  /// What the model takes.
  public let inputs: [GraphPort]
  /// What it gives.
  public let outputs: [GraphPort]
  /// The version of the operators.
  public let opset: Int
  /// Tensors of the file that are one parameter.
  public let ties: [Tie]
  /// Tensors with the same values that are trained apart, because the file does not show them to be one.
  public let lookalikes: [Tie]
  /// The batch of the export, if the file is written for this size alone; inputs and outputs are said to
  /// have any batch then.
  public let bakedBatch: Int?
  /// What was changed so that the model takes a batch of any size, as sentences without a full stop.
  public let mended: [String]

  /// Weights of convolutions that ``record(_:parameter:on:)`` takes in blocks of channels, as
  /// `ConvolutionGeometry` says; none unless the model is ``optimized``.
  public internal(set) var blocked: Set<String> = []

  var graph: Graph
  let file: ModelFile
  let origins: [String: GraphReader.Origin]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: the file; its external data may lie beside it or in folders below.
  ///   - choices: what is trained, against the rule.
  /// - Throws: all that is found wrong with the file, or with the choices.
  public init(contentsOf path: String, choices: Choices = Choices()) throws(ModelProblems) {
    file = try ModelFile(contentsOf: path)
    let reader = GraphReader(file)
    try reader.problems.check()
    let batch = BakedBatch(reader.graph)
    var graph = batch.graph
    origins = reader.origins
    bakedBatch = batch.size
    mended = batch.mended

    var problems = ProblemList()
    batch.problem.map { problems.add($0) }
    let rule = ParameterRule(graph, origins)
    let selection = ParameterSelection(rule, choices, graph, &problems)
    try problems.check()
    let found = Ties(selection.names, graph)
    ties = choices.ties ? found.ties : []
    lookalikes = choices.ties ? found.lookalikes : found.ties + found.lookalikes
    // To freeze one of two tensors that are the same is to freeze the other.
    var frozen = selection.frozen
    for tie in ties where frozen.contains(tie.other) { frozen.insert(tie.kept) }
    let tied = Set(ties.map(\.other))
    var parameters: [Parameter] = []
    for name in selection.names where !frozen.contains(name) && !tied.contains(name) {
      guard let tensor = graph.initializers[name], case .floats(let values) = tensor.elements
      else { continue }
      parameters.append(Parameter(name: name, dimensions: tensor.dimensions, values: values))
    }
    graph.replace(ties)
    statistics = graph.statistics(besides: Set(parameters.map(\.name)), &problems)
    try problems.check()
    guard !parameters.isEmpty else {
      throw ModelProblems([ModelProblem("none of the file's tensors is trained")])
    }
    self.parameters = parameters
    inputs = graph.inputs
    outputs = graph.outputs
    opset = graph.opset
    self.graph = graph
  }
}
