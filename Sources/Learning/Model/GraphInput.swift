import Differentiation
import ONNX
import Tensors

/// How the inputs of examples become the input of a graph.
struct GraphInput {
  /// The name of the graph's input.
  let name: String
  /// What was done to make them fit.
  private(set) var notes: [String] = []
  private let field: ExampleField
  /// The shape of an example that the graph takes; nil: as the examples have it.
  private let shape: [Int]?

  /// The way from examples to a graph.
  ///
  /// - Throws: `GraphRefusal` if there is none.
  init(_ graph: ONNXModel, for examples: ExampleDescription) throws(GraphRefusal) {
    guard let port = graph.inputs.first, graph.inputs.count == 1 else {
      throw GraphRefusal(
        graph.inputs.isEmpty
          ? "takes no input"
          : "takes \(graph.inputs.count) inputs (\(graph.inputs.map(\.name).joined(separator: ", "))), "
            + "and only models that take one can be trained")
    }
    name = port.name
    field = examples.input
    try Self.requireType(of: port, field)
    shape = try Self.shape(of: port, for: field)
    if let shape {
      notes.append("inputs \(field.exampleShape) are reshaped to \(shape) for \(name)")
    }
  }

  private static func requireType(
    of port: GraphPort, _ field: ExampleField
  ) throws(GraphRefusal) {
    guard let type = port.type else { return }
    switch field.kind {
    case .integers where type.isFloat:
      throw GraphRefusal(
        "takes numbers (\(port.name) is \(type.rawValue)), and the inputs of the data are tokens")
    case .image where !type.isFloat, .numbers where !type.isFloat:
      throw GraphRefusal(
        "takes whole numbers (\(port.name) is \(type.rawValue)), and the inputs of the data are numbers "
          + "of any kind")
    default: break
    }
  }

  /// The shape of an example that the graph takes; nil: as the examples have it.
  private static func shape(
    of port: GraphPort, for field: ExampleField
  ) throws(GraphRefusal) -> [Int]? {
    guard let axes = port.dimensions else { return nil }
    let found = field.exampleShape
    let wanted = Array(axes.dropFirst())
    if !axes.isEmpty, wanted.count == found.count,
      zip(wanted, found).allSatisfy({ $0 == nil || $0 == $1 })
    {
      return nil
    }
    let words = wanted.map { $0.map(String.init) ?? "?" }.joined(separator: ", ")
    let refusal = GraphRefusal(
      "takes examples [\(words)] (input \(port.name)), and those of the data are \(found)"
        + (wanted.count == 3 && found.count == 3 && Set(wanted) == Set(found.map { $0 })
          ? ": the channels must come first" : ""))
    if case .integers = field.kind { throw refusal }
    guard !axes.isEmpty, let shape = filled(wanted, count: found.reduce(1, *)),
      isRegrouping(found, shape)
    else { throw refusal }
    return shape
  }

  /// A shape with its one unknown axis computed.
  private static func filled(_ axes: [Int?], count: Int) -> [Int]? {
    let known = axes.compactMap(\.self)
    var product = 1
    for length in known {
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      guard length > 0, !overflow else { return nil }
      product = next
    }
    guard count % product == 0 else { return nil }
    switch axes.count - known.count {
    case 0: return product == count ? known : nil
    case 1: return axes.map { $0 ?? count / product }
    default: return nil
    }
  }

  /// Whether one shape is the other with neighbouring axes taken together.
  private static func isRegrouping(_ one: [Int], _ other: [Int]) -> Bool {
    func places(_ shape: [Int]) -> Set<Int> {
      var product = 1
      return Set(
        shape.map { length in
          product *= length
          return product
        }
      ).subtracting([1])
    }
    let (first, second) = (places(one), places(other))
    return first.isSubset(of: second) || second.isSubset(of: first)
  }

  /// Requires that the tables of a recorded graph have a row for every token.
  ///
  /// - Throws: `GraphRefusal` if there are more tokens.
  func requireRows<Number: Scalar>(
    for examples: ExampleDescription, _ fields: FieldVariables<Number>
  ) throws(GraphRefusal) {
    guard case .integers = field.kind, let rows = fields.integers(field.name).bound,
      examples.vocabulary > rows
    else { return }
    throw GraphRefusal(
      "has rows for \(rows) tokens, and those of the data go up to \(examples.vocabulary - 1)")
  }

  /// The graph's input for a shard.
  func value<Number: Scalar>(
    of fields: FieldVariables<Number>, on tape: Tape<Number>
  ) -> GraphValue<Number> {
    if case .integers = field.kind { return .integers(fields.integers(field.name)) }
    let numbers = fields.numbers(field.name)
    guard let shape else { return .variable(numbers) }
    let rows = tape.flattened(numbers)
    return .variable(
      shape.count == 1 ? rows : tape.reshaped(rows, to: [fields.count] + shape))
  }
}

extension ExampleField {
  /// The shape of an example.
  var exampleShape: [Int] {
    switch kind {
    case .image(let channels, let height, let width): [channels, height, width]
    case .numbers(let shape), .integers(let shape): shape
    }
  }
}
