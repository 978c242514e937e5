/// Where the batch stands in the values of a graph, and their lengths for the batch of the export.
///
/// Lengths that the operators below do not tell are nil; a value that depends on the examples in a way
/// that is not followed is lost.
struct BatchTrace {
  /// What is known of a value.
  struct Extent: Equatable {
    /// For the batch of the export; nil if not even the number of axes is known.
    var dimensions: [Int?]?
    /// The batch's place; nil if the value does not depend on the examples, or is lost.
    var batch: Place?
    /// Whether it depends on the examples, but one does not know how.
    var isLost = false
  }

  /// A place within the shape.
  struct Place: Equatable {
    var axis: Int
    /// The batch may share its axis with others: how many elements of them are outside of it.
    var outer = 1
  }

  /// By the names of values.
  private(set) var extents: [String: Extent] = [:]
  private let initializers: [String: HostTensor]
  /// Whole numbers for the batch of the export, such as shapes.
  private var numbers: [String: [Int]] = [:]

  /// Begins with the inputs, whose first axis is the batch, and the tensors of a graph.
  init(_ graph: Graph) {
    initializers = graph.initializers
    for input in graph.inputs {
      extents[input.name] = Extent(dimensions: input.dimensions, batch: Place(axis: 0))
    }
  }

  /// What is known of a value.
  func extent(_ name: String) -> Extent {
    if let tensor = initializers[name] { return Extent(dimensions: tensor.dimensions) }
    return extents[name] ?? Extent()
  }

  /// Elements before the batch in a value.
  func before(_ extent: Extent) -> Int? {
    guard let place = extent.batch else { return nil }
    if place.axis == 0 { return place.outer }
    guard let dimensions = extent.dimensions else { return nil }
    return Self.product(dimensions.prefix(place.axis)).flatMap {
      let (product, overflow) = $0.multipliedReportingOverflow(by: place.outer)
      return overflow ? nil : product
    }
  }

  /// Whole numbers that are known, if there are few of them; shapes are those for the batch of the export.
  func whole(_ name: String) -> [Int]? {
    guard case .integers(let values) = initializers[name]?.elements, values.count <= 64 else {
      return numbers[name]
    }
    return values.map { Int($0) }
  }

  /// Sets what a node's outputs are.
  mutating func set(_ node: Node, _ extent: Extent) {
    if let output = node.outputs.first, !output.isEmpty {
      numbers[output] = computed(node)
    }
    var extent = extent
    // What grows from node to node would take all memory.
    if (extent.dimensions?.count ?? 0) > HostTensor.mostAxes {
      extent = Extent(isLost: extent.batch != nil || extent.isLost)
    }
    for output in node.outputs where !output.isEmpty { extents[output] = extent }
  }

  /// Follows a node whose shape needs no mending.
  mutating func follow(_ node: Node) {
    let inputs = node.inputs.map(extent)
    guard let first = inputs.first else { return set(node, Extent()) }
    guard inputs.contains(where: { $0.batch != nil || $0.isLost }) else {
      return set(node, constant(node, first, inputs))
    }
    if inputs.contains(where: \.isLost) { return set(node, Extent(isLost: true)) }
    set(node, result(node, first, inputs) ?? Extent(isLost: true))
    if Self.recurrent.contains(node.type) { setStates(node, first) }
  }

  /// The shape of a value that does not depend on the examples, such as a mask; most are not needed.
  private func constant(_ node: Node, _ first: Extent, _ inputs: [Extent]) -> Extent {
    if node.type == "Expand" || node.type == "ConstantOfShape" {
      return Extent(dimensions: whole(node.inputs.last ?? "").map { $0.map { $0 } })
    }
    if let numbers = computed(node) { return Extent(dimensions: [numbers.count]) }
    switch node.type {
    case "Transpose": return transposed(node, first) ?? Extent()
    case "Gather" where inputs.count == 2: return gathered(node, first, inputs[1]) ?? Extent()
    case "Squeeze", "Unsqueeze": return withAxes(node, first) ?? Extent()
    case "Range": return Extent(dimensions: [nil])
    case _ where Self.broadcasting.contains(node.type): return broadcast(inputs) ?? Extent()
    default: return Self.keeping.contains(node.type) ? first : Extent()
    }
  }

  private func result(_ node: Node, _ first: Extent, _ inputs: [Extent]) -> Extent? {
    switch node.type {
    case "Shape", "Size": return Extent(dimensions: [first.dimensions?.count])
    case "CastLike": return first
    case "Transpose": return transposed(node, first)
    case "MatMul": return inputs.count > 1 ? product(first, inputs[1]) : nil
    case "Gemm":
      guard node.integer("transA") ?? 0 == 0, inputs.count > 1, inputs[1].batch == nil,
        (inputs[1].dimensions?.count ?? 2) == 2
      else { return nil }
      let columns = inputs[1].dimensions?[node.integer("transB") == 1 ? 0 : 1]
      return Extent(
        dimensions: [first.dimensions?.first ?? nil, columns ?? nil], batch: first.batch)
    case "Gather": return inputs.count > 1 ? gathered(node, first, inputs[1]) : nil
    case "Conv", "AveragePool", "MaxPool", "GlobalAveragePool", "GlobalMaxPool":
      guard first.batch?.axis == 0, var dimensions = first.dimensions, dimensions.count > 2 else {
        return nil
      }
      if node.type == "Conv" { dimensions[1] = inputs.dropFirst().first?.dimensions?.first ?? nil }
      dimensions.replaceSubrange(2..., with: [Int?](repeating: nil, count: dimensions.count - 2))
      return Extent(dimensions: dimensions, batch: first.batch)
    case "Flatten":
      guard first.batch?.axis == 0, node.integer("axis") ?? 1 > 0 else { return nil }
      return Extent(dimensions: [nil, nil], batch: first.batch)
    case "GRU", "LSTM", "RNN":
      guard let shape = first.dimensions, shape.count == 3, let batch = first.batch else {
        return nil
      }
      let isFirst = node.integer("layout") == 1
      guard batch.axis == (isFirst ? 0 : 1), batch.outer == 1 else { return nil }
      let size = node.integer("hidden_size")
      let count = node.attributes["direction"] == .string("bidirectional") ? 2 : 1
      return isFirst
        ? Extent(dimensions: [shape[0], shape[1], count, size], batch: batch)
        : Extent(dimensions: [shape[0], count, shape[1], size], batch: Place(axis: 2))
    case "Squeeze", "Unsqueeze": return withAxes(node, first)
    case "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin": return reduced(node, first)
    case "SequenceAt": return first
    case "Split", "SplitToSequence", "Slice", "Concat":
      guard let axes = axes(node, first), let batch = first.batch,
        inputs.allSatisfy({ $0.batch == nil || $0.batch == batch }), !axes.contains(batch.axis),
        var dimensions = first.dimensions, axes.allSatisfy(dimensions.indices.contains)
      else { return nil }
      for axis in axes { dimensions[axis] = nil }
      if node.type == "Split", let axis = axes.first, let whole = first.dimensions?[axis],
        whole % max(1, node.outputs.count) == 0
      {
        // Most often into equal parts; if the sizes are given, they may be others.
        dimensions[axis] = node.inputs.count < 2 ? whole / node.outputs.count : nil
      }
      if node.type != "Slice", node.type != "Concat", let axis = axes.first,
        let sizes = node.inputs.dropFirst().first.flatMap(whole), let size = sizes.first,
        sizes.allSatisfy({ $0 == size })
      {
        dimensions[axis] = size
      }
      return Extent(dimensions: dimensions, batch: batch)
    case _ where Self.broadcasting.contains(node.type): return broadcast(inputs)
    case _ where Self.keeping.contains(node.type): return first.batch == nil ? nil : first
    default: return nil
    }
  }

  /// The shapes that a graph computes.
  private func computed(_ node: Node) -> [Int]? {
    guard let first = node.inputs.first else { return nil }
    if node.type == "Shape" {
      guard let dimensions = extent(first).dimensions else { return nil }
      let range = Self.range(
        node.integer("start") ?? 0, node.integer("end") ?? dimensions.count, dimensions.count)
      let lengths = dimensions[range].compactMap { $0 }
      return lengths.count == range.count ? lengths : nil
    }
    guard Self.computing.contains(node.type) else { return nil }
    let inputs = node.inputs.compactMap(whole)
    guard inputs.count == node.inputs.count else { return nil }
    switch node.type {
    case "Concat":
      let joined = inputs.flatMap { $0 }
      return joined.count <= 64 ? joined : nil
    case "Gather":
      guard inputs.count == 2 else { return nil }
      let places = inputs[1].map { $0 < 0 ? $0 + inputs[0].count : $0 }
      guard places.allSatisfy(inputs[0].indices.contains) else { return nil }
      return places.map { inputs[0][$0] }
    case "Slice":
      guard inputs.count > 2, let start = inputs[1].first, let end = inputs[2].first,
        inputs.count < 5 || inputs[4] == [1]
      else { return nil }
      return Array(inputs[0][Self.range(start, end, inputs[0].count)])
    case "Range":
      guard inputs.count == 3, inputs.allSatisfy({ $0.count == 1 }), inputs[2] == [1],
        (0...64).contains(inputs[1][0]), (0...64).contains(inputs[0][0])
      else { return nil }
      return Array(inputs[0][0]..<max(inputs[0][0], inputs[1][0]))
    case "Add", "Sub", "Mul", "Div", "Mod":
      guard inputs.count == 2, inputs[0].count == 1, inputs[1].count == 1 else { return nil }
      return Self.combined(node.type, inputs[0][0], inputs[1][0]).map { [$0] }
    default: return inputs[0]
    }
  }

  private static let computing: Set = [
    "Add", "Cast", "Concat", "Div", "Gather", "Identity", "Mod", "Mul", "Range", "Reshape", "Slice",
    "Squeeze", "Sub", "Unsqueeze",
  ]

  private static func combined(_ type: String, _ one: Int, _ other: Int) -> Int? {
    let (value, overflow) =
      switch type {
      case "Add": one.addingReportingOverflow(other)
      case "Sub": one.subtractingReportingOverflow(other)
      case "Mul": one.multipliedReportingOverflow(by: other)
      case "Div": one.dividedReportingOverflow(by: other)
      default: one.remainderReportingOverflow(dividingBy: other)
      }
    return overflow ? nil : value
  }

  /// A part of an axis, as Slice and Shape give it.
  private static func range(_ start: Int, _ end: Int, _ count: Int) -> Range<Int> {
    func place(_ index: Int) -> Int {
      let counted = index < 0 && index > -1 << 62 ? index + count : index
      return min(max(counted, 0), count)
    }
    let first = place(start)
    return first..<max(first, place(end))
  }

  private func transposed(_ node: Node, _ value: Extent) -> Extent? {
    guard let dimensions = value.dimensions else { return nil }
    var order = Array(dimensions.indices.reversed())
    if case .integers(let given) = node.attributes["perm"] { order = given }
    guard order.sorted() == Array(dimensions.indices) else { return nil }
    let batch = value.batch.flatMap { place in
      order.firstIndex(of: place.axis).map { Place(axis: $0, outer: place.outer) }
    }
    return Extent(dimensions: order.map { dimensions[$0] }, batch: batch)
  }

  private func product(_ one: Extent, _ other: Extent) -> Extent? {
    guard let left = one.dimensions, let right = other.dimensions, left.count > 1, right.count > 1,
      let batch = one.batch
    else { return nil }
    guard other.batch == nil || (other.batch == batch && left.count == right.count) else {
      return nil
    }
    // Rows of the left factor stay; so does everything before them.
    guard batch.axis < left.count - 1, right.count <= left.count else { return nil }
    return Extent(dimensions: left.dropLast() + [right[right.count - 1]], batch: batch)
  }

  private func gathered(_ node: Node, _ data: Extent, _ indices: Extent) -> Extent? {
    guard let from = data.dimensions, let places = indices.dimensions else { return nil }
    let given = node.integer("axis") ?? 0
    let axis = given < 0 ? given + from.count : given
    guard from.indices.contains(axis) else { return nil }
    let dimensions = from[..<axis] + places + from[(axis + 1)...]
    if let batch = data.batch {
      guard indices.batch == nil, batch.axis != axis else { return nil }
      let moved = batch.axis < axis ? batch.axis : batch.axis + places.count - 1
      return Extent(dimensions: Array(dimensions), batch: Place(axis: moved, outer: batch.outer))
    }
    let batch = indices.batch.map { Place(axis: $0.axis + axis, outer: $0.outer) }
    return Extent(dimensions: Array(dimensions), batch: batch)
  }

  private func broadcast(_ inputs: [Extent]) -> Extent? {
    let known = inputs.compactMap(\.dimensions)
    guard known.count == inputs.count, let rank = known.map(\.count).max() else { return nil }
    var dimensions = [Int?](repeating: 1, count: rank)
    var batch: Place?
    for (input, shape) in zip(inputs, known) {
      let shift = rank - shape.count
      for (axis, length) in shape.enumerated() where length != 1 {
        // What is not known says nothing against another one.
        let other = dimensions[axis + shift]
        dimensions[axis + shift] = length ?? (other == 1 ? nil : other)
      }
      guard var place = input.batch else { continue }
      place.axis += shift
      if let batch, batch != place { return nil }
      batch = place
    }
    return Extent(dimensions: dimensions, batch: batch)
  }

  private func withAxes(_ node: Node, _ value: Extent) -> Extent? {
    guard var dimensions = value.dimensions, let given = axes(node, nil), !given.isEmpty else {
      return nil
    }
    var batch = value.batch
    let isAdding = node.type == "Unsqueeze"
    let rank = dimensions.count + (isAdding ? given.count : 0)
    guard rank <= 2 * HostTensor.mostAxes else { return nil }
    let axes = given.map { $0 < 0 ? $0 + rank : $0 }.sorted()
    guard axes.allSatisfy({ (0..<rank).contains($0) }) else { return nil }
    if isAdding {
      for axis in axes {
        guard axis <= dimensions.count else { return nil }
        dimensions.insert(1, at: axis)
        if let place = batch?.axis, axis <= place { batch?.axis += 1 }
      }
    } else {
      for axis in axes.reversed() {
        guard axis != batch?.axis else { return nil }
        dimensions.remove(at: axis)
        if let place = batch?.axis, axis < place { batch?.axis -= 1 }
      }
    }
    return Extent(dimensions: dimensions, batch: batch)
  }

  private func reduced(_ node: Node, _ value: Extent) -> Extent? {
    guard var dimensions = value.dimensions, var batch = value.batch,
      let axes = axes(node, value), !axes.contains(batch.axis)
    else { return nil }
    for axis in Set(axes).sorted().reversed() {
      guard dimensions.indices.contains(axis) else { return nil }
      if node.integer("keepdims") ?? 1 == 1 {
        dimensions[axis] = 1
      } else {
        dimensions.remove(at: axis)
        if axis < batch.axis { batch.axis -= 1 }
      }
    }
    return Extent(dimensions: dimensions, batch: batch)
  }

  /// The axes that a node works on, by attribute or constant input.
  ///
  /// Counted from the front if the shape is given; nil if they are not known.
  private func axes(_ node: Node, _ value: Extent?) -> [Int]? {
    var found: [Int]?
    switch node.type {
    case "Split", "SplitToSequence", "Concat": found = [node.integer("axis") ?? 0]
    default:
      let place = node.type == "Slice" ? 3 : 1
      if case .integers(let axes) = node.attributes["axes"] {
        found = axes
      } else if node.inputs.indices.contains(place),
        let axes = whole(node.inputs[place])
      {
        found = axes
      }
    }
    guard let found, let rank = value?.dimensions?.count else { return found }
    return found.map { $0 < 0 && $0 >= -rank ? $0 + rank : $0 }
  }

  /// The last states, behind the first output: [directions, batch, size].
  private mutating func setStates(_ node: Node, _ sequence: Extent) {
    for output in node.outputs.dropFirst() where !output.isEmpty {
      guard extents[node.outputs[0]]?.isLost == false, let shape = sequence.dimensions else {
        extents[output] = Extent(isLost: true)
        continue
      }
      let count = node.attributes["direction"] == .string("bidirectional") ? 2 : 1
      let size = node.integer("hidden_size")
      extents[output] =
        node.integer("layout") == 1
        ? Extent(dimensions: [shape[0], count, size], batch: Place(axis: 0))
        : Extent(dimensions: [count, shape[1], size], batch: Place(axis: 1))
    }
  }

  static func product(_ lengths: some Sequence<Int?>) -> Int? {
    var known: [Int] = []
    for length in lengths {
      guard let length else { return nil }
      known.append(length)
    }
    return elementCount(known)
  }

  static let recurrent: Set = ["GRU", "LSTM", "RNN"]

  static let broadcasting: Set = [
    "Add", "And", "Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Mean",
    "Min", "Mod", "Mul", "Or", "PRelu", "Pow", "Sub", "Sum", "Where", "Xor",
  ]

  /// The shape is that of the first input.
  private static let keeping: Set = [
    "Abs", "BatchNormalization", "Cast", "CastLike", "Celu", "Clip", "Cos", "CumSum", "Dropout",
    "Elu", "Erf", "Exp", "Floor", "Gelu", "GroupNormalization", "HardSigmoid", "HardSwish",
    "Identity", "InstanceNormalization", "IsNaN", "LayerNormalization", "LeakyRelu", "Log",
    "LogSoftmax", "Mish", "Neg", "Not", "RMSNormalization", "Reciprocal", "Relu", "Round", "Selu",
    "Sigmoid", "Sign", "Sin", "Softmax", "Softplus", "Softsign", "Sqrt", "Swish", "Tanh", "Trilu",
  ]
}

extension Node {
  /// An attribute that is a whole number; nil if it is absent.
  fileprivate func integer(_ name: String) -> Int? {
    guard case .integer(let number) = attributes[name] else { return nil }
    return number
  }
}
