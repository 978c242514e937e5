import Differentiation
import Tensors

/// Puts the nodes of a graph on a tape, one after the other.
struct GraphRecorder<Number: Scalar> {
  private let graph: Graph
  private let tape: Tape<Number>
  private let room: FoldingRoom
  private var values: [String: GraphValue<Number>]
  /// What cannot be computed, since a problem was found before.
  private var failed: Set<String> = []
  private var problems: [ModelProblem] = []
  /// The values that some node or output takes, once they were needed.
  private var namesRead: Set<String>?

  /// - Parameters:
  ///   - graph: whose nodes are recorded, those that an output depends on.
  ///   - values: the inputs and the initializers, by name.
  ///   - tape: where the operations go.
  ///   - room: for constants that are computed.
  init(
    _ graph: Graph, values: [String: GraphValue<Number>], on tape: Tape<Number>,
    room: FoldingRoom = FoldingRoom()
  ) {
    self.room = room
    self.graph = graph.withFusedTranspositions.withoutIdleNodes
    self.values = values
    self.tape = tape
  }

  /// Records all that the outputs depend on.
  ///
  /// - Returns: the outputs, in their order.
  /// - Throws: all that is not supported or does not fit; what follows from it is not repeated.
  mutating func record() throws(ModelProblems) -> [GraphValue<Number>] {
    for node in graph.nodes {
      do throws(ModelProblem) {
        try record(node)
      } catch {
        problems.append(error)
        failed.formUnion(node.outputs)
      }
    }
    var outputs: [GraphValue<Number>] = []
    for port in graph.outputs {
      if let value = values[port.name] {
        outputs.append(value)
      } else if !failed.contains(port.name) {
        problems.append(ModelProblem("nothing computes the output \(port.name)"))
      }
    }
    guard problems.isEmpty else { throw ModelProblems(problems) }
    return outputs
  }

  private mutating func record(_ node: Node) throws(ModelProblem) {
    let inputs = node.inputs.filter { !$0.isEmpty }
    guard !inputs.contains(where: failed.contains) else {
      failed.formUnion(node.outputs)
      return
    }
    guard let graphOperator = OperatorTable.operators[node.type] else {
      throw ModelProblem(node, OperatorTable.refusal(of: node.type, opset: graph.opset))
    }
    var arguments: [GraphValue<Number>?] = []
    for name in node.inputs {
      if name.isEmpty {
        arguments.append(nil)
      } else if let value = values[name] {
        arguments.append(value)
      } else {
        throw ModelProblem(node, "nothing computes its input \(name)")
      }
    }
    let call = OperatorCall(
      node: node, opset: graph.opset, inputs: arguments, tape: tape, room: room)
    let results =
      call.isConstant && !graphOperator.foldsConstants && !inputs.isEmpty
      ? try folded(graphOperator, call) : try graphOperator.record(call)
    for (name, result) in zip(node.outputs, results) where !name.isEmpty { values[name] = result }
    // A result that is not computed is a problem only if somebody reads it.
    let missing = node.outputs.dropFirst(results.count).filter { !$0.isEmpty }
    guard !missing.isEmpty else { return }
    let read = namesRead ?? Set(graph.nodes.flatMap(\.inputs)).union(graph.outputs.map(\.name))
    namesRead = read
    if let output = missing.first(where: read.contains) {
      failed.formUnion(missing)
      throw ModelProblem(node, "its result \(output) is not supported")
    }
  }

  /// Computes an operator on known numbers, in double precision.
  private func folded(
    _ graphOperator: any GraphOperator, _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let tape = Tape<Double>()
    var type: ElementType?
    var inputs: [GraphValue<Double>?] = []
    var known: [HostTensor?] = []
    for value in call.inputs {
      guard case .constant(let host) = value else {
        inputs.append(nil)
        known.append(nil)
        continue
      }
      known.append(host)
      if host.type.isFloat, host.count > 0 {
        type = type ?? host.type
        inputs.append(.variable(tape.constant(host.numbers, host.dimensions)))
      } else {
        inputs.append(.constant(host))
      }
    }
    let results = try graphOperator.record(
      OperatorCall<Double>(
        node: call.node, opset: call.opset, inputs: inputs, tape: tape, room: call.room,
        known: known))
    var variables: [Variable<Double>] = []
    for result in results {
      for variable in Self.variables(of: result) {
        try call.check(constant: variable.shape.dimensions)
        variables.append(variable)
      }
    }
    // A tape needs an output that depends on a parameter.
    let unused = tape.parameter(.vector(1), offset: 0)
    tape.seal(output: tape.scaled(unused, by: 1), passes: .values, keeping: variables)
    let zero = Buffer<Double>(count: 1)
    return withExtendedLifetime(zero) {
      tape.bind(parameters: zero.pointer)
      tape.replay()
      return results.map { Self.known($0, type ?? .float32) }
    }
  }

  private static func variables(of value: GraphValue<Double>) -> [Variable<Double>] {
    switch value {
    case .variable(let variable): [variable]
    case .sequence(let values): values.flatMap(variables)
    case .constant, .integers: []
    }
  }

  private static func known(
    _ value: GraphValue<Double>, _ type: ElementType
  ) -> GraphValue<Number> {
    switch value {
    case .constant(let host): .constant(host)
    case .integers(let integers): .integers(integers)
    case .sequence(let values): .sequence(values.map { known($0, type) })
    case .variable(let x):
      .constant(
        HostTensor(type, x.shape.dimensions, .floats((0..<x.count).map { x.value[$0] })))
    }
  }
}
