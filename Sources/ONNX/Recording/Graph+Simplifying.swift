extension Graph {
  /// Without nodes that no output depends on.
  var withoutIdleNodes: Graph {
    var needed = Set(outputs.map(\.name))
    var kept: [Node] = []
    for node in nodes.reversed() where node.outputs.contains(where: needed.contains) {
      kept.append(node)
      needed.formUnion(node.inputs.filter { !$0.isEmpty })
    }
    var graph = self
    graph.nodes = kept.reversed()
    return graph
  }

  /// With products that read a factor as it was before its last two axes were exchanged: a
  /// transposition is no copy then.
  var withFusedTranspositions: Graph {
    var sources: [String: String] = [:]
    for node in nodes where node.type == "Transpose" && node.inputs.count == 1 {
      guard case .integers(let order) = node.attributes["perm"], order.count >= 2,
        order == Array(0..<order.count - 2) + [order.count - 1, order.count - 2],
        let output = node.outputs.first
      else { continue }
      sources[output] = node.inputs[0]
    }
    var graph = self
    for i in graph.nodes.indices
    where graph.nodes[i].type == "MatMul" && graph.nodes[i].inputs.count == 2 {
      for side in 0..<2 {
        guard let source = sources[graph.nodes[i].inputs[side]] else { continue }
        graph.nodes[i].inputs[side] = source
        graph.nodes[i].attributes[FusedTransposition.names[side]] = .integer(1)
      }
    }
    return graph
  }
}
