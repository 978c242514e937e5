/// Finds the batch of the export in a graph, and takes it out where that is certain.
///
/// Without dynamic axes an exporter writes the batch of its example into the type of the input, and into
/// the constants that give shapes: `[4, 16, 2, 16]` for heads of attention. A graph like this runs with a
/// batch of another size if these entries are −1, "what is left", which says the same for the batch of the
/// export. Which entry it is follows from the place of the batch in the value that is reshaped: there are
/// as many elements before the batch as before.
struct BakedBatch {
  /// The size; nil if the file has none.
  let size: Int?
  /// The graph without it.
  private(set) var graph: Graph
  /// What was changed, as sentences without a full stop.
  private(set) var mended: [String] = []
  /// Nodes for which it is not certain.
  private var doubtful: [Node] = []

  /// What was found of constants, as thousands of nodes may share one.
  private var found = Found()
  private struct Found {
    /// The name of the tensor with an axis of length 1; nil if there is none.
    var shortened: [String: [Int: String?]] = [:]
    var isUniform: [String: Bool] = [:]
    var isZero: [String: Bool] = [:]
    var shapes: [String: [Int: [Int]?]] = [:]
  }

  /// The places of the nodes that make values.
  private var makers: [String: Int] = [:]

  /// Mends a graph.
  init(_ graph: Graph) {
    self.graph = graph
    for (index, node) in graph.nodes.enumerated() {
      for output in node.outputs { makers[output] = index }
    }
    let sizes = Set(graph.inputs.map { $0.dimensions?.first ?? nil })
    guard sizes.count == 1, let size = sizes.first ?? nil else {
      self.size = nil
      return
    }
    self.size = size
    self.graph.inputs = graph.inputs.map(\.withAnyBatch)
    self.graph.outputs = graph.outputs.map { $0.starts(with: size) ? $0.withAnyBatch : $0 }
    var trace = BatchTrace(graph)
    for index in graph.nodes.indices { mend(index, size, &trace) }
    // Such as what made the states that were left out.
    if !mended.isEmpty { self.graph.removeUnused() }
  }

  private mutating func mend(_ index: Int, _ size: Int, _ trace: inout BatchTrace) {
    let node = graph.nodes[index]
    switch node.type {
    case "Reshape" where node.inputs.count == 2: reshape(index, size, &trace)
    case "Expand" where node.inputs.count == 2: expand(index, size, &trace)
    default:
      if BatchTrace.recurrent.contains(node.type) { dropZeroStates(index) }
      if BatchTrace.broadcasting.contains(node.type) { shorten(index, size, trace) }
      trace.follow(graph.nodes[index])
    }
  }

  private mutating func reshape(_ index: Int, _ size: Int, _ trace: inout BatchTrace) {
    let node = graph.nodes[index]
    let value = trace.extent(node.inputs[0])
    guard value.batch != nil || value.isLost else { return trace.follow(node) }
    guard let shape = constant(node.inputs[1]) else {
      // Computed from shapes, so right for every batch; only where the batch is afterwards may be unknown.
      return trace.set(node, reshaped(value, by: node.inputs[1], size, trace))
    }
    let keepsZeros = node.attributes["allowzero"] == .integer(1)
    guard let before = trace.before(value) else {
      // A shape without a free axis is that of one batch; one with the batch's size may be.
      if !shape.contains(where: { $0 <= 0 }) || shape.contains(size) { doubtful.append(node) }
      return trace.set(node, .init(isLost: true))
    }
    // Zeros that copy are the lengths of the value.
    let lengths: [Int?] = shape.enumerated().map { axis, length in
      if length == 0, !keepsZeros {
        let dimensions = value.dimensions ?? []
        return dimensions.indices.contains(axis) ? dimensions[axis] : nil
      }
      return length > 0 ? length : nil
    }
    guard let place = Self.place(before, size, shape, lengths) else {
      if !shape.contains(-1) { doubtful.append(node) }
      return trace.set(node, .init(isLost: true))
    }
    trace.set(node, .init(dimensions: lengths, batch: place))
    guard shape[place.axis] > 0 else { return }
    var new = shape
    var newNode = node
    if !shape.contains(-1) {
      new[place.axis] = -1
    } else if place.axis == value.batch?.axis, place.outer == 1, value.batch?.outer == 1,
      shape[place.axis] == size, !keepsZeros || !shape.contains(0)
    {
      new[place.axis] = 0
      newNode.attributes["allowzero"] = .integer(0)
    } else {
      return doubtful.append(node)
    }
    newNode.inputs[1] = add(new, like: node.inputs[1])
    graph.nodes[index] = newNode
    note(node, "the shape \(shape) is now \(new)")
  }

  /// A value after a reshape to a shape that is computed.
  private func reshaped(
    _ value: BatchTrace.Extent, by shape: String, _ size: Int, _ trace: BatchTrace
  ) -> BatchTrace.Extent {
    guard let before = trace.before(value) else { return .init(isLost: true) }
    if let numbers = trace.whole(shape) {
      let lengths = numbers.map { $0 > 0 ? $0 : nil }
      guard let place = Self.place(before, size, numbers, lengths) else {
        return .init(isLost: true)
      }
      return .init(dimensions: lengths, batch: place)
    }
    // The shape of another value.
    if let node = maker(shape), node.type == "Shape", node.attributes["end"] == nil,
      node.attributes["start"] ?? .integer(0) == .integer(0)
    {
      let model = trace.extent(node.inputs[0])
      if trace.before(model) == before { return model }
    }
    return before == 1 ? .init(batch: .init(axis: 0)) : .init(isLost: true)
  }

  /// The axis in which the batch is after a reshape; nil if that is not certain.
  private static func place(
    _ before: Int, _ size: Int, _ shape: [Int], _ lengths: [Int?]
  ) -> BatchTrace.Place? {
    var candidates: [BatchTrace.Place] = []
    for axis in shape.indices {
      guard let outside = BatchTrace.product(lengths[..<axis]), outside > 0, outside <= before,
        before % outside == 0
      else { break }
      let outer = before / outside
      // An axis of unknown length may hold it.
      let fits = lengths[axis].map { $0 % outer == 0 && $0 / outer % size == 0 } ?? true
      guard fits else { continue }
      let place = BatchTrace.Place(axis: axis, outer: outer)
      // Nothing before it, or an axis of its own: there is no doubt.
      if outer == 1, before == 1 || lengths[axis] == size { return place }
      candidates.append(place)
    }
    return candidates.count == 1 ? candidates[0] : nil
  }

  private mutating func expand(_ index: Int, _ size: Int, _ trace: inout BatchTrace) {
    let node = graph.nodes[index]
    let value = trace.extent(node.inputs[0])
    if let tensor = graph.initializers[node.inputs[0]], tensor.count > 1,
      tensor.dimensions.contains(size), constant(node.inputs[1]) == nil,
      isUniform(node.inputs[0], tensor)
    {
      // One number for all, to a shape that is computed.
      graph.nodes[index].inputs[0] = add(tensor.single, like: node.inputs[0])
      note(node, "its constant of the batch's size is now one number")
    }
    guard value.batch != nil || value.isLost else {
      let shape = trace.whole(node.inputs[1])
      return trace.set(node, .init(dimensions: shape.map { $0.map { $0 } }))
    }
    guard let place = value.batch, let dimensions = value.dimensions,
      let shape = constant(node.inputs[1])
    else { return trace.set(node, .init(isLost: true)) }
    let axis = place.axis + shape.count - dimensions.count
    guard shape.indices.contains(axis), place.outer == 1, shape[axis] == size else {
      if shape.indices.contains(axis), shape[axis] != 1 { doubtful.append(node) }
      return trace.set(node, .init(isLost: true))
    }
    trace.set(node, .init(dimensions: shape.map { $0 }, batch: .init(axis: axis)))
    guard size > 1 else { return }
    var new = shape
    new[axis] = 1
    graph.nodes[index].inputs[1] = add(new, like: node.inputs[1])
    note(node, "the shape \(shape) is now \(new)")
  }

  /// A constant that meets the batch, with the same numbers for every example, gets an axis of length 1.
  private mutating func shorten(_ index: Int, _ size: Int, _ trace: BatchTrace) {
    let node = graph.nodes[index]
    let extents = node.inputs.map(trace.extent)
    guard size > 1, let rank = extents.compactMap({ $0.dimensions?.count }).max(),
      let value = extents.first(where: { $0.batch != nil }), let place = value.batch,
      let own = value.dimensions?.count, place.outer == 1
    else { return }
    let axis = place.axis + rank - own
    for (input, extent) in extents.enumerated() where extent.batch == nil && !extent.isLost {
      guard let dimensions = extent.dimensions else { continue }
      let there = axis - (rank - dimensions.count)
      guard dimensions.indices.contains(there), dimensions[there] == size else { continue }
      guard let short = shortened(node.inputs[input], there) else {
        doubtful.append(node)
        continue
      }
      graph.nodes[index].inputs[input] = short
      note(node, "its constant has an axis of length 1 for the batch")
    }
  }

  /// A tensor whose parts along an axis are the same, with one of them.
  private mutating func shortened(_ name: String, _ axis: Int) -> String? {
    if let known = found.shortened[name]?[axis] { return known }
    let new = graph.initializers[name]?.sameAlong(axis).map { add($0, like: name) }
    found.shortened[name, default: [:]].updateValue(new, forKey: axis)
    return new
  }

  private mutating func isUniform(_ name: String, _ tensor: HostTensor) -> Bool {
    if let known = found.isUniform[name] { return known }
    let isUniform = tensor.isUniform
    found.isUniform[name] = isUniform
    return isUniform
  }

  /// States of zeros are what a recurrent layer begins with if it is given none.
  private mutating func dropZeroStates(_ index: Int) {
    for input in [5, 6] where graph.nodes[index].inputs.indices.contains(input) {
      let name = graph.nodes[index].inputs[input]
      guard !name.isEmpty, isZero(name) else { continue }
      graph.nodes[index].inputs[input] = ""
      note(graph.nodes[index], "its initial state of zeros is left out")
    }
  }

  private mutating func isZero(_ name: String) -> Bool {
    // Back to where the numbers come from; the nodes are sorted, so that this ends.
    var path = [name]
    var isZero = false
    while let name = path.last {
      if let known = found.isZero[name] {
        isZero = known
        break
      }
      if let tensor = graph.initializers[name] {
        isZero = tensor.isUniform && tensor.isZero
        break
      }
      guard let node = maker(name) else { break }
      if node.type == "ConstantOfShape" {
        isZero = true
        if case .tensor(let tensor) = node.attributes["value"] { isZero = tensor.isZero }
        break
      }
      guard Self.rearranging.contains(node.type), let first = node.inputs.first else { break }
      path.append(first)
    }
    for name in path { found.isZero[name] = isZero }
    return isZero
  }

  /// Operators whose results hold nothing but numbers of their first input.
  private static let rearranging: Set = [
    "Cast", "CastLike", "Expand", "Identity", "Reshape", "Slice", "Split", "Squeeze", "Tile",
    "Transpose", "Unsqueeze",
  ]

  /// Whole numbers that are known, or joined of such that are.
  private mutating func constant(_ name: String, depth: Int = 0) -> [Int]? {
    if let tensor = graph.initializers[name] {
      guard case .integers(let numbers) = tensor.elements, numbers.count <= 64 else { return nil }
      return numbers.map { Int($0) }
    }
    guard depth < 8, let node = maker(name),
      let first = node.inputs.first
    else { return nil }
    // Joined of what is joined of the same again, the numbers would be sought over and over.
    if let known = found.shapes[name]?[depth] { return known }
    let numbers = constant(of: node, first, depth)
    found.shapes[name, default: [:]].updateValue(numbers, forKey: depth)
    return numbers
  }

  private mutating func constant(of node: Node, _ first: String, _ depth: Int) -> [Int]? {
    switch node.type {
    case "Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze":
      guard let numbers = constant(first, depth: depth + 1),
        node.type != "Cast" || numbers.count > 0
      else { return nil }
      return numbers
    case "Concat":
      var joined: [Int] = []
      for input in node.inputs {
        guard joined.count <= 64, let numbers = constant(input, depth: depth + 1) else {
          return nil
        }
        joined += numbers
      }
      return joined
    default: return nil
    }
  }

  private func maker(_ name: String) -> Node? { makers[name].map { graph.nodes[$0] } }

  private mutating func add(_ shape: [Int], like name: String) -> String {
    add(HostTensor(.int64, [shape.count], .integers(shape.map { Int64($0) })), like: name)
  }

  private mutating func add(_ tensor: HostTensor, like name: String) -> String {
    var new = "\(name) for any batch"
    // One for each kind of change, as several nodes may share a constant.
    while let other = graph.initializers[new], other != tensor { new += "'" }
    graph.initializers[new] = tensor
    return new
  }

  private mutating func note(_ node: Node, _ text: String) {
    guard mended.count < 200 else { return }
    mended.append(ModelProblem(node, text).description)
  }

  /// That it is not certain; nil if it is.
  var problem: ModelProblem? {
    guard let size, let first = doubtful.first else { return nil }
    let others = doubtful.count == 1 ? "" : " (and of \(doubtful.count - 1) nodes more)"
    return ModelProblem(
      first,
      "the batch of the export, \(size), is built into its shape\(others), and it is not certain in "
        + "which way; export with a first axis of any length: dynamic_shapes=({0: \"batch\"},)")
  }
}

extension GraphPort {
  /// Without a length of the first axis.
  fileprivate var withAnyBatch: GraphPort {
    guard var dimensions, !dimensions.isEmpty else { return self }
    dimensions[0] = nil
    return GraphPort(name: name, type: type, dimensions: dimensions)
  }

  fileprivate func starts(with size: Int) -> Bool { dimensions?.first == .some(size) }
}

extension HostTensor {
  /// Whether all elements are alike.
  fileprivate var isUniform: Bool {
    switch elements {
    case .floats(let values): values.dropFirst().allSatisfy { $0 == values[0] }
    case .integers(let values): values.dropFirst().allSatisfy { $0 == values[0] }
    case .booleans(let values): values.dropFirst().allSatisfy { $0 == values[0] }
    }
  }

  fileprivate var isZero: Bool {
    switch elements {
    case .floats(let values): values.allSatisfy { $0 == 0 }
    case .integers(let values): values.allSatisfy { $0 == 0 }
    case .booleans(let values): !values.contains(true)
    }
  }

  /// The first element, with as many axes.
  fileprivate var single: HostTensor {
    var dimensions = dimensions
    for axis in dimensions.indices { dimensions[axis] = 1 }
    return HostTensor(type, dimensions, elements.picked([0]))
  }

  /// The first part along an axis; nil if the others are not the same.
  fileprivate func sameAlong(_ axis: Int) -> HostTensor? {
    let length = dimensions[axis]
    let inner = dimensions[(axis + 1)...].reduce(1, *)
    guard length > 0, count > 0 else { return nil }
    let first = (0..<count / length).map { ($0 / inner * length) * inner + $0 % inner }
    let kept = elements.picked(first)
    for part in 1..<max(2, length) where part < length {
      guard elements.picked(first.map { $0 + part * inner }) == kept else { return nil }
    }
    var dimensions = dimensions
    dimensions[axis] = 1
    return HostTensor(type, dimensions, kept)
  }
}

extension HostTensor.Elements {
  fileprivate func picked(_ places: [Int]) -> Self {
    switch self {
    case .floats(let values): .floats(places.map { values[$0] })
    case .integers(let values): .integers(places.map { values[$0] })
    case .booleans(let values): .booleans(places.map { values[$0] })
    }
  }
}
