import Differentiation
import Tensors

/// Comparisons, which give truth values: constants, or masks of 0 and 1 on the tape.
enum ComparisonOperator: GraphOperator {
  case equal, greater, greaterOrEqual, less, lessOrEqual

  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let shape = try call.broadcast(try call.dimensions(0), try call.dimensions(1))
    if call.isConstant {
      try call.check(constant: shape)
      let x = try call.constant(0).broadcast(to: shape)
      let y = try call.constant(1).broadcast(to: shape)
      let truths: [Bool]
      if case .integers(let a) = x.elements, case .integers(let b) = y.elements {
        truths = zip(a, b).map { holds($0, $1) }
      } else {
        truths = zip(x.numbers, y.numbers).map { holds($0, $1) }
      }
      return [.constant(HostTensor(.bool, shape, .booleans(truths)))]
    }
    try call.check(variable: shape)
    let x = try call.spread(try call.value(0), to: shape, "its input 0")
    let y = try call.spread(try call.value(1), to: shape, "its input 1")
    switch self {
    case .equal: return [.variable(call.tape.comparison(x, .equal, y))]
    case .greater: return [.variable(call.tape.comparison(x, .greater, y))]
    case .greaterOrEqual: return [.variable(call.tape.comparison(x, .greaterOrEqual, y))]
    case .less: return [.variable(call.tape.comparison(y, .greater, x))]
    case .lessOrEqual: return [.variable(call.tape.comparison(y, .greaterOrEqual, x))]
    }
  }

  private func holds<T: Comparable>(_ x: T, _ y: T) -> Bool {
    switch self {
    case .equal: x == y
    case .greater: x > y
    case .greaterOrEqual: x >= y
    case .less: x < y
    case .lessOrEqual: x <= y
    }
  }
}

/// Operators of two truth values.
enum LogicalOperator: GraphOperator {
  case and, or, xor

  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let shape = try call.broadcast(try call.dimensions(0), try call.dimensions(1))
    if call.isConstant {
      try call.check(constant: shape)
      let x = try call.constant(0).broadcast(to: shape).truths
      let y = try call.constant(1).broadcast(to: shape).truths
      let truths = zip(x, y).map { x, y in
        switch self {
        case .and: x && y
        case .or: x || y
        case .xor: x != y
        }
      }
      return [.constant(HostTensor(.bool, shape, .booleans(truths)))]
    }
    try call.check(variable: shape)
    let (x, y, tape) = (try call.tensor(0), try call.tensor(1), call.tape)
    let both = tape.product(x, y)
    switch self {
    case .and: return [.variable(both)]
    case .or: return [.variable(tape.difference(tape.sum(x, y), both))]
    case .xor:
      return [.variable(tape.difference(tape.sum(x, y), tape.scaled(both, by: 2)))]
    }
  }
}

/// `Not`.
struct NotOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    if case .constant(let host) = try call.value(0) {
      return [
        .constant(HostTensor(.bool, host.dimensions, .booleans(host.truths.map { !$0 })))
      ]
    }
    let x = try call.tensor(0)
    return [.variable(call.tape.difference(call.tape.constant([1], []), x))]
  }
}

/// `Where`: the one or the other.
///
/// What is not chosen has no influence, whatever it is.
struct WhereOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    [try Self.choose(call, try call.value(0), try call.value(1), try call.value(2))]
  }

  static func choose<Number: Scalar>(
    _ call: OperatorCall<Number>, _ mask: GraphValue<Number>, _ left: GraphValue<Number>,
    _ right: GraphValue<Number>
  ) throws(ModelProblem) -> GraphValue<Number> {
    let arms = try call.broadcast(
      try call.dimensions(of: left), try call.dimensions(of: right))
    let shape = try call.broadcast(try call.dimensions(of: mask), arms)
    if case .constant(let mask) = mask, case .constant(let x) = left,
      case .constant(let y) = right
    {
      try call.check(constant: shape)
      let (a, b) = (x.broadcast(to: shape), y.broadcast(to: shape))
      let both = HostTensor.Elements.joined([a.elements, b.elements])
      guard OperatorCall<Number>.kind(a.elements) == OperatorCall<Number>.kind(b.elements) else {
        throw call.problem("it chooses between tensors of different types")
      }
      let count = a.count
      let places = mask.broadcast(to: shape).truths.enumerated().map {
        $1 ? $0 : $0 + count
      }
      return .constant(HostTensor(x.type, shape, both.taken(places)))
    }
    try call.check(variable: shape)
    // A mask that repeats is not copied for every repetition.
    let period = Array(try call.dimensions(of: mask).drop { $0 == 1 })
    let repeats = shape.count > period.count && Array(shape.suffix(period.count)) == period
    let m =
      repeats
      ? try call.tensor(try call.reshaped(mask, period), "its condition")
      : try call.spread(mask, to: shape, "its condition")
    guard !m.isActive else { throw call.problem("its condition must be a truth value") }
    let x = try call.spread(left, to: shape, "its input 1")
    let y = try call.spread(right, to: shape, "its input 2")
    return .variable(call.tape.selection(m, x, y))
  }
}
