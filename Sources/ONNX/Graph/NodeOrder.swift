/// The order of computation.
enum NodeOrder {
  /// A node that takes its own result, by one of its inputs.
  case cycle(Node, value: String)
  /// Every node behind those whose results it takes; as they were if they were so.
  case sorted([Node])

  /// Sorts nodes.
  ///
  /// Values that no node defines are taken as given.
  static func of(_ nodes: [Node]) -> NodeOrder {
    var makers: [String: Int] = [:]
    for (place, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty { makers[output] = place }
    }
    let needs = nodes.map { $0.inputs.compactMap { makers[$0] } }
    if needs.enumerated().allSatisfy({ place, needed in needed.allSatisfy { $0 < place } }) {
      return .sorted(nodes)
    }
    var users = [[Int]](repeating: [], count: nodes.count)
    var missing = needs.map(\.count)
    for (place, needed) in needs.enumerated() {
      for maker in needed { users[maker].append(place) }
    }
    var ready = missing.indices.filter { missing[$0] == 0 }
    var next = 0
    while next < ready.count {
      for user in users[ready[next]] {
        missing[user] -= 1
        if missing[user] == 0 { ready.append(user) }
      }
      next += 1
    }
    if ready.count == nodes.count { return .sorted(ready.map { nodes[$0] }) }
    return cycle(nodes, makers, isLeft: missing.map { $0 > 0 })
  }

  /// Goes from a node that is left to one that it waits for, until a node comes a second time.
  private static func cycle(
    _ nodes: [Node], _ makers: [String: Int], isLeft: [Bool]
  ) -> NodeOrder {
    var isSeen = [Bool](repeating: false, count: nodes.count)
    var place = isLeft.firstIndex(of: true) ?? 0
    while true {
      let awaited = nodes[place].inputs.first { makers[$0].map { isLeft[$0] } ?? false } ?? ""
      if isSeen[place] { return .cycle(nodes[place], value: awaited) }
      isSeen[place] = true
      place = makers[awaited] ?? place
    }
  }
}
