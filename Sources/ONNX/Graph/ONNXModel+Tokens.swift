extension ONNXModel {
  /// How many different tokens a model has rows for: the least of the tables in which whole numbers
  /// of its inputs look rows up; nil where there is none.
  public var vocabulary: Int? {
    var tokens = Set(inputs.filter { $0.type?.isFloat == false }.map(\.name))
    var least: Int?
    for node in graph.nodes {
      if node.type == "Gather", node.inputs.count >= 2, tokens.contains(node.inputs[1]) {
        guard let table = rows(node.inputs[0]),
          node.attributes["axis"] ?? .integer(0) == .integer(0)
        else { continue }
        least = min(least ?? table, table)
      } else if Self.keepers.contains(node.type), let input = node.inputs.first,
        tokens.contains(input)
      {
        tokens.formUnion(node.outputs.filter { !$0.isEmpty })
      }
    }
    return least
  }

  /// Operators whose results are the whole numbers that they take.
  private static let keepers: Set = [
    "Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Slice", "Transpose", "Split",
  ]

  private func rows(_ name: String) -> Int? {
    if let table = graph.initializers[name] { return table.dimensions.first }
    guard let node = graph.nodes.first(where: { $0.outputs.contains(name) }),
      ["Identity", "Cast", "CastLike"].contains(node.type), let input = node.inputs.first
    else { return nil }
    return graph.initializers[input]?.dimensions.first
  }
}
