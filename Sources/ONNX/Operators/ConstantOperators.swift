import Differentiation
import Tensors

/// `Constant`: numbers that stand in the node.
struct ConstantOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let attributes = call.node.attributes
    let forms = ["value", "value_float", "value_floats", "value_int", "value_ints"]
    for name in forms {
      guard let attribute = attributes[name] else { continue }
      switch attribute {
      case .tensor(let host): return [.constant(host)]
      case .float(let x): return [.constant(HostTensor(.float32, [], .floats([x])))]
      case .floats(let x): return [.constant(HostTensor(.float32, [x.count], .floats(x)))]
      case .integer(let x): return [.constant(HostTensor(.int64, [], .integers([Int64(x)])))]
      case .integers(let x): return [.constant(.integers(x))]
      case .string, .strings: throw call.problem("its attribute \(name) must be numbers")
      }
    }
    throw call.problem("it has no value of numbers; supported are \(forms.joined(separator: ", "))")
  }
}

/// `ConstantOfShape`: one number repeated.
struct ConstantOfShape: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let dimensions = try call.integers(0)
    var value = HostTensor(.float32, [1], .floats([0]))
    if let attribute = call.node.attributes["value"] {
      guard case .tensor(let host) = attribute, host.count == 1 else {
        throw call.problem("its attribute value must be a tensor of one number")
      }
      value = host
    }
    try call.check(constant: dimensions)
    return [.constant(value.reshaped([]).broadcast(to: dimensions))]
  }
}

/// `Range`: numbers at equal distances.
struct RangeOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (start, limit, step) = (try call.number(0), try call.number(1), try call.number(2))
    guard step != 0, start.isFinite, limit.isFinite, step.isFinite else {
      throw call.problem("a range from \(start) to \(limit) in steps of \(step)")
    }
    let steps = max(0, ((limit - start) / step).rounded(.up))
    guard steps < 0x1p40 else { throw call.problem("a range of \(steps) numbers is too large") }
    let count = Int(steps)
    try call.check(constant: [count])
    let first = try call.constant(0)
    if let whole = first.wholeNumbers?.first {
      let step = try call.integer(2)
      let numbers = (0..<count).map { Int64(whole &+ $0 &* step) }
      return [.constant(HostTensor(first.type, [count], .integers(numbers)))]
    }
    let numbers = (0..<count).map { start + Double($0) * step }
    return [.constant(HostTensor(first.type, [count], .floats(numbers)))]
  }
}

/// `Shape`: known as soon as the size of the batch is.
struct ShapeOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let dimensions = try call.dimensions(0)
    func place(_ number: Int) -> Int {
      let place = number < 0 ? max(number, -dimensions.count) + dimensions.count : number
      return min(max(0, place), dimensions.count)
    }
    let start = place(try call.int("start", 0))
    let end = place(try call.int("end", dimensions.count))
    return [.constant(.integers(start < end ? Array(dimensions[start..<end]) : []))]
  }
}

/// `Size`: how many elements.
struct SizeOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let count = try call.count(try call.dimensions(0))
    return [.constant(HostTensor(.int64, [], .integers([Int64(count)])))]
  }
}

/// `NonZero`: the indices of a constant's elements that are not 0, one row for each axis.
struct NonZero: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let host = try call.constant(0)
    let places = host.truths.enumerated().filter(\.element).map(\.offset)
    let strides = Places.strides(of: host.dimensions)
    try call.check(constant: [strides.count, places.count])
    let rows = zip(strides, host.dimensions).flatMap { stride, length in
      places.map { Int64($0 / stride % length) }
    }
    return [.constant(HostTensor(.int64, [strides.count, places.count], .integers(rows)))]
  }
}

/// `EyeLike`: ones on a diagonal.
struct EyeLike: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (dimensions, shift) = (try call.dimensions(0), try call.int("k", 0))
    guard dimensions.count == 2 else { throw call.problem("it needs a matrix, not \(dimensions)") }
    try call.check(constant: dimensions)
    let ones = (0..<dimensions[0]).flatMap { i in
      (0..<dimensions[1]).map { $0.subtractingReportingOverflow(i).partialValue == shift }
    }
    let type =
      try call.hasAttribute("dtype")
      ? ElementTypeNumber.type(try call.int("dtype", 1), call) : .float32
    return [
      .constant(Casting.cast(HostTensor(.bool, dimensions, .booleans(ones)), to: type))
    ]
  }
}

/// `OneHot` of known indices.
struct OneHot: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (host, depth) = (try call.constant(0), try call.number(1))
    guard depth >= 1, depth <= 0x1p30 else { throw call.problem("a depth of \(depth)") }
    let count = Int(depth)
    let values = try call.constant(2)
    guard values.count == 2 else { throw call.problem("it needs two values, not \(values.count)") }
    let rank = host.dimensions.count + 1
    let axis = try call.axis(try call.int("axis", -1), rank)
    let shape = host.dimensions + [count]
    try call.check(constant: shape)
    let places = host.numbers.flatMap { number in
      let index = number < 0 ? number + depth : number
      return (0..<count).map { Double($0) == index ? 1 : 0 }
    }
    let result = HostTensor(values.type, shape, values.elements.taken(places))
    var order = Array(0..<rank - 1)
    order.insert(rank - 1, at: axis)
    return [try call.transposed(.constant(result), order)]
  }
}
