import Differentiation
import Tensors

/// `Transpose`.
struct TransposeOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let rank = try call.dimensions(0).count
    let order = try call.ints("perm") ?? Array((0..<rank).reversed())
    guard order.sorted() == Array(0..<rank) else {
      throw call.problem("\(order) is no order of \(rank) axes")
    }
    return [try call.transposed(try call.value(0), order)]
  }
}

/// `Concat`.
struct ConcatOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    guard call.hasAttribute("axis") || call.opset < 4 else { throw call.problem("it has no axis") }
    var values: [GraphValue<Number>] = []
    for i in call.inputs.indices { values.append(try call.value(i)) }
    return [try call.concatenated(values, axis: try call.int("axis", 1))]
  }
}

/// `Slice`: its bounds are attributes before version 10.
struct SliceOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    var value = try call.value(0)
    let dimensions = try call.dimensions(0)
    guard let starts = try call.integers("starts", orInput: 1),
      let ends = try call.integers("ends", orInput: 2)
    else { throw call.problem("it has no starts and ends") }
    let named = try call.integers("axes", orInput: 3) ?? Array(starts.indices)
    let axes = try call.axes(named, dimensions.count)
    let steps = call.has(4) ? try call.integers(4) : starts.map { _ in 1 }
    guard starts.count == ends.count, starts.count == axes.count, starts.count == steps.count
    else { throw call.problem("its starts, ends, axes and steps are not equally many") }
    for (i, axis) in axes.enumerated() {
      let (length, step) = (dimensions[axis], steps[i])
      guard step != 0, step != .min else { throw call.problem("a slice in steps of \(step)") }
      let places = Self.places(starts[i], ends[i], step, length)
      value = try call.gathered(value, axis: axis, places: places)
    }
    return [value]
  }

  /// The indices of a slice, bounded as in Python.
  private static func places(_ start: Int, _ end: Int, _ step: Int, _ length: Int) -> [Int] {
    func bounded(_ bound: Int, _ range: ClosedRange<Int>) -> Int {
      let bound = bound < 0 ? max(bound, -length - 1) + length : bound
      return min(max(bound, range.lowerBound), range.upperBound)
    }
    guard length > 0 else { return [] }
    if step > 0 {
      let (first, end) = (bounded(start, 0...length), bounded(end, 0...length))
      return Array(stride(from: first, to: end, by: min(step, length)))
    }
    let (first, last) = (bounded(start, -1...length - 1), bounded(end, -1...length - 1))
    return Array(stride(from: first, to: last, by: max(step, -length)))
  }
}

/// `Split`: into lengths by attribute before version 13, by input since; or into equal parts.
struct SplitOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let dimensions = try call.dimensions(0)
    let axis = try call.axis(try call.int("axis", 0), dimensions.count)
    let length = dimensions[axis]
    let lengths: [Int]
    if let named = try call.integers("split", orInput: 1) {
      lengths = named
    } else {
      let parts = try call.int("num_outputs", call.node.outputs.count)
      guard parts > 0, parts <= length else {
        throw call.problem("\(length) elements cannot be split into \(parts) parts")
      }
      // The last one is shorter if they cannot be equal.
      let most = (length + parts - 1) / parts
      lengths = (0..<parts).map { max(0, min(most, length - $0 * most)) }
    }
    return try Self.split(call, axis, lengths)
  }

  static func split<Number: Scalar>(
    _ call: OperatorCall<Number>, _ axis: Int, _ lengths: [Int]
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let length = try call.dimensions(0)[axis]
    guard lengths.allSatisfy({ $0 >= 0 && $0 <= length }), lengths.reduce(0, &+) == length else {
      throw call.problem("an axis of length \(length) cannot be split into \(lengths)")
    }
    var results: [GraphValue<Number>] = []
    var start = 0
    for part in lengths {
      results.append(
        try call.gathered(try call.value(0), axis: axis, places: Array(start..<start + part)))
      start += part
    }
    return results
  }
}

/// `Expand`: broadcasts to a shape, in both directions.
struct ExpandOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let wanted = try call.integers(1)
    let shape = try call.broadcast(try call.dimensions(0), wanted)
    return [try call.expanded(try call.value(0), to: shape)]
  }
}

/// `Tile`: repeats along every axis.
struct TileOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    var value = try call.value(0)
    let (dimensions, repeats) = (try call.dimensions(0), try call.integers(1))
    guard repeats.count == dimensions.count, repeats.allSatisfy({ $0 >= 0 }) else {
      throw call.problem("repeats \(repeats) for a tensor of shape \(dimensions)")
    }
    var shape = dimensions
    for (axis, times) in repeats.enumerated() where times != 1 {
      let (length, overflow) = dimensions[axis].multipliedReportingOverflow(by: times)
      guard !overflow else { throw call.problem("repeats \(repeats) are too many") }
      var split = shape
      split.insert(1, at: axis)
      value = try call.reshaped(value, split)
      split[axis] = times
      shape[axis] = length
      value = try call.reshaped(try call.expanded(value, to: split), shape)
    }
    return [value]
  }
}

/// `Trilu`: one of the triangles of the matrices in the last two axes, zeros elsewhere.
struct TriluOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let value = try call.value(0)
    let dimensions = try call.dimensions(0)
    guard dimensions.count >= 2 else { throw call.problem("it needs matrices, not \(dimensions)") }
    let shift = call.has(1) ? try call.integer(1) : 0
    let isUpper = try call.flag("upper", true)
    let matrix = Array(dimensions.suffix(2))
    try call.check(constant: matrix)
    let kept = (0..<matrix[0]).flatMap { i in
      (0..<matrix[1]).map { isUpper ? $0 - i >= shift : $0 - i <= shift }
    }
    let mask = HostTensor(.bool, matrix, .booleans(kept))
    return [try WhereOperator.choose(call, .constant(mask), value, .constant(zero(like: value)))]
  }

  private func zero<Number: Scalar>(like value: GraphValue<Number>) -> HostTensor {
    guard case .constant(let host) = value else { return HostTensor(.float32, [], .floats([0])) }
    return Casting.cast(HostTensor(.int64, [], .integers([0])), to: host.type)
  }
}

/// `Gather`: by known indices from anything, by whole numbers of the examples from a table.
struct GatherOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let dimensions = try call.dimensions(0)
    let axis = try call.axis(try call.int("axis", 0), dimensions.count)
    if case .integers(let integers) = try call.value(1) {
      return [try lookedUp(call, axis, integers)]
    }
    let indices = try call.constant(1)
    guard let numbers = indices.wholeNumbers else {
      throw call.problem("its indices must be whole numbers")
    }
    let length = dimensions[axis]
    guard numbers.allSatisfy({ (-length..<length).contains($0) }) else {
      throw call.problem("an index is outside of axis \(axis) of length \(length)")
    }
    let shape = Array(dimensions[..<axis]) + indices.dimensions + Array(dimensions[(axis + 1)...])
    try call.check(variable: numbers.isEmpty ? [1] : shape.map { max(1, $0) })
    let taken = try call.gathered(
      try call.value(0), axis: axis, places: numbers.map { $0 < 0 ? $0 + length : $0 })
    return [try call.reshaped(taken, shape)]
  }

  private func lookedUp<Number: Scalar>(
    _ call: OperatorCall<Number>, _ axis: Int, _ integers: IntegerInput
  ) throws(ModelProblem) -> GraphValue<Number> {
    let table = try call.tensor(0)
    let dimensions = table.shape.dimensions
    guard axis == 0 else {
      throw call.problem("whole numbers of the examples can be indices of axis 0, not of \(axis)")
    }
    guard integers.count > 0 else { throw call.problem("it has no indices") }
    let columns = table.count / dimensions[0]
    let shape = integers.shape.dimensions + dimensions[1...]
    try call.check(variable: shape)
    let matrix = try call.tensor(
      try call.reshaped(.variable(table), [dimensions[0], columns]), "its table")
    return try call.reshaped(.variable(call.tape.rows(of: matrix, at: integers)), shape)
  }
}

/// `GatherElements` by known indices.
struct GatherElements: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (dimensions, indices) = (try call.dimensions(0), try call.constant(1))
    let axis = try call.axis(try call.int("axis", 0), dimensions.count)
    let (shape, length) = (indices.dimensions, dimensions[axis])
    guard let numbers = indices.wholeNumbers, shape.count == dimensions.count,
      shape.indices.allSatisfy({ $0 == axis || shape[$0] <= dimensions[$0] }),
      numbers.allSatisfy({ (-length..<length).contains($0) })
    else { throw call.problem("indices \(shape) do not fit into \(dimensions) on axis \(axis)") }
    let strides = Places.strides(of: dimensions)
    let steps = strides.indices.map { $0 == axis ? 0 : strides[$0] }
    let places = zip(Places.all(shape, steps: steps), numbers).map {
      $0 + ($1 < 0 ? $1 + length : $1) * strides[axis]
    }
    let flat = try call.reshaped(try call.value(0), [try call.count(dimensions)])
    return [try call.reshaped(try call.gathered(flat, axis: 0, places: places), shape)]
  }
}

/// `DepthToSpace`.
struct DepthToSpace: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (x, block) = (try call.dimensions(0), try call.int("blocksize", 0))
    guard x.count == 4, block > 0, block <= 1 << 16, x[1] % (block * block) == 0 else {
      throw call.problem("blocks of \(block) in a tensor of shape \(x)")
    }
    let channels = x[1] / (block * block)
    let isColumnFirst: Bool
    switch try call.string("mode", "DCR") {
    case "DCR": isColumnFirst = false
    case "CRD": isColumnFirst = true
    case let mode: throw call.problem("its mode is \(mode); supported are DCR and CRD")
    }
    let parts =
      isColumnFirst
      ? [x[0], channels, block, block, x[2], x[3]] : [x[0], block, block, channels, x[2], x[3]]
    let order = isColumnFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]
    let moved = try call.transposed(try call.reshaped(try call.value(0), parts), order)
    return [try call.reshaped(moved, [x[0], channels, x[2] * block, x[3] * block])]
  }
}

/// `SpaceToDepth`.
struct SpaceToDepth: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (x, block) = (try call.dimensions(0), try call.int("blocksize", 0))
    guard x.count == 4, block > 0, x.allSatisfy({ $0 > 0 }), x[2] % block == 0,
      x[3] % block == 0
    else {
      throw call.problem("blocks of \(block) in a tensor of shape \(x)")
    }
    let (rows, columns) = (x[2] / block, x[3] / block)
    let parts = try call.reshaped(try call.value(0), [x[0], x[1], rows, block, columns, block])
    let moved = try call.transposed(parts, [0, 3, 5, 1, 2, 4])
    return [try call.reshaped(moved, [x[0], x[1] * block * block, rows, columns])]
  }
}
