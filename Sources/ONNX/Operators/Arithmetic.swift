import Differentiation
import Foundation
import Tensors

/// Operators of two numbers, which broadcast.
enum Arithmetic: GraphOperator {
  case add, subtract, multiply, divide, power, modulo

  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    // Before version 7 a shape without `broadcast` had to be equal.
    guard try !call.flag("broadcast") else {
      throw call.problem("broadcasting by attribute (opset 6 and before) is not supported")
    }
    if call.isConstant { return [.constant(try folded(call))] }
    let shape = try call.broadcast(try call.dimensions(0), try call.dimensions(1))
    try call.check(variable: shape)
    switch self {
    case .add: return [.variable(call.tape.sum(try call.tensor(0), try call.tensor(1)))]
    case .subtract:
      return [.variable(call.tape.difference(try call.tensor(0), try call.tensor(1)))]
    case .multiply: return [.variable(try product(call, shape))]
    case .divide: return [.variable(try quotient(call, shape))]
    case .power: return [.variable(try power(call, shape))]
    case .modulo:
      throw call.problem("a remainder of numbers that depend on the examples is not supported")
    }
  }

  /// The one number of a constant that does not change the shape of the result.
  private func factor<Number: Scalar>(
    _ call: OperatorCall<Number>, _ i: Int, _ shape: [Int]
  ) throws(ModelProblem) -> Double? {
    guard case .constant(let host) = try call.value(i), host.count == 1,
      try call.dimensions(1 - i) == shape
    else { return nil }
    return host.numbers[0]
  }

  private func product<Number: Scalar>(
    _ call: OperatorCall<Number>, _ shape: [Int]
  ) throws(ModelProblem) -> Variable<Number> {
    for i in 0..<2 {
      if let factor = try factor(call, i, shape) {
        return call.tape.scaled(try call.tensor(1 - i), by: Number(factor))
      }
    }
    return call.tape.product(try call.tensor(0), try call.tensor(1))
  }

  private func quotient<Number: Scalar>(
    _ call: OperatorCall<Number>, _ shape: [Int]
  ) throws(ModelProblem) -> Variable<Number> {
    if let divisor = try factor(call, 1, shape) {
      return call.tape.scaled(try call.tensor(0), by: 1 / Number(divisor))
    }
    if let dividend = try factor(call, 0, shape) {
      let inverse = call.tape.power(try call.tensor(1), -1)
      return dividend == 1 ? inverse : call.tape.scaled(inverse, by: Number(dividend))
    }
    return call.tape.quotient(try call.tensor(0), try call.tensor(1))
  }

  private func power<Number: Scalar>(
    _ call: OperatorCall<Number>, _ shape: [Int]
  ) throws(ModelProblem) -> Variable<Number> {
    let tape = call.tape
    if case .constant(let exponents) = try call.value(1), let first = exponents.numbers.first,
      exponents.numbers.allSatisfy({ $0 == first })
    {
      let x = try call.spread(try call.value(0), to: shape, "its base")
      if first == 0 {
        return tape.broadcast(tape.constant([1], []), to: shape)
      }
      return tape.power(x, first)
    }
    // xʸ = exp(y log x), for positive bases.
    return tape.exponential(
      tape.product(try call.tensor(1), tape.logarithm(try call.tensor(0))))
  }

  // MARK: Known numbers

  private func folded<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> HostTensor {
    let (left, right) = (try call.constant(0), try call.constant(1))
    let shape = try call.broadcast(left.dimensions, right.dimensions)
    try call.check(constant: shape)
    let (x, y) = (left.broadcast(to: shape), right.broadcast(to: shape))
    if case .integers(let a) = x.elements, case .integers(let b) = y.elements {
      var result: [Int64] = []
      result.reserveCapacity(a.count)
      let isTruncated = try call.flag("fmod")
      for (p, q) in zip(a, b) { result.append(try integer(p, q, isTruncated, call)) }
      return HostTensor(left.type, shape, .integers(result))
    }
    let isTruncated = try call.flag("fmod")
    let numbers = zip(x.numbers, y.numbers).map { number($0, $1, isTruncated) }
    let result = HostTensor(.float64, shape, .floats(numbers))
    return Casting.cast(result, to: left.type)
  }

  private func integer<Number: Scalar>(
    _ x: Int64, _ y: Int64, _ isTruncated: Bool, _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> Int64 {
    switch self {
    case .add: return x &+ y
    case .subtract: return x &- y
    case .multiply: return x &* y
    case .divide:
      guard y != 0 else { throw call.problem("a whole number is divided by 0") }
      return x.dividedReportingOverflow(by: y).partialValue
    case .power: return Self.power(x, y)
    case .modulo:
      guard y != 0 else { throw call.problem("a whole number is divided by 0") }
      let rest = x.remainderReportingOverflow(dividingBy: y).partialValue
      // The sign of the divisor, as in Python, or that of the dividend, as in C.
      return isTruncated || rest == 0 || (rest < 0) == (y < 0) ? rest : rest + y
    }
  }

  private static func power(_ x: Int64, _ exponent: Int64) -> Int64 {
    guard exponent >= 0 else { return x == 1 ? 1 : x == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0 }
    var (result, square, left): (Int64, Int64, Int64) = (1, x, exponent)
    while left > 0 {
      if left & 1 == 1 { result = result &* square }
      square = square &* square
      left >>= 1
    }
    return result
  }

  private func number(_ x: Double, _ y: Double, _ isTruncated: Bool) -> Double {
    switch self {
    case .add: return x + y
    case .subtract: return x - y
    case .multiply: return x * y
    case .divide: return x / y
    case .power: return Foundation.pow(x, y)
    case .modulo:
      let rest = Foundation.fmod(x, y)
      return isTruncated || rest == 0 || (rest < 0) == (y < 0) ? rest : rest + y
    }
  }
}

/// `Min` and `Max` of any number of tensors.
struct Extremum: GraphOperator {
  let isMaximum: Bool
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    var result = try call.value(0)
    for i in call.inputs.indices.dropFirst() {
      result = try Self.extremum(call, result, try call.value(i), isMaximum)
    }
    return [result]
  }

  /// Of equal numbers the first is chosen.
  static func extremum<Number: Scalar>(
    _ call: OperatorCall<Number>, _ left: GraphValue<Number>, _ right: GraphValue<Number>,
    _ isMaximum: Bool
  ) throws(ModelProblem) -> GraphValue<Number> {
    let shape = try call.broadcast(
      try call.dimensions(of: left), try call.dimensions(of: right))
    if case .constant(let x) = left, case .constant(let y) = right {
      try call.check(constant: shape)
      let (x, y) = (x.broadcast(to: shape), y.broadcast(to: shape))
      if case .integers(let a) = x.elements, case .integers(let b) = y.elements {
        let chosen = zip(a, b).map { isMaximum ? max($0, $1) : min($0, $1) }
        return .constant(HostTensor(x.type, shape, .integers(chosen)))
      }
      let chosen = zip(x.numbers, y.numbers).map { isMaximum ? max($0, $1) : min($0, $1) }
      return .constant(HostTensor(x.type, shape, .floats(chosen)))
    }
    try call.check(variable: shape)
    let x = try call.spread(left, to: shape, "its input")
    let y = try call.spread(right, to: shape, "its input")
    let mask = call.tape.comparison(isMaximum ? x : y, .greaterOrEqual, isMaximum ? y : x)
    return .variable(call.tape.selection(mask, x, y))
  }
}

/// `Sum` of any number of tensors.
struct SumOfAll: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    var result = try call.tensor(0)
    for i in call.inputs.indices.dropFirst() {
      let next = try call.tensor(i)
      try call.check(
        variable: try call.broadcast(result.shape.dimensions, next.shape.dimensions))
      result = call.tape.sum(result, next)
    }
    return [.variable(result)]
  }
}

/// `Mean` of any number of tensors.
struct MeanOfAll: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let total = try call.tensor(try SumOfAll().record(call)[0], "its sum")
    return [.variable(call.tape.scaled(total, by: 1 / Number(call.inputs.count)))]
  }
}
