import Differentiation
import Tensors

/// The numbers by which ONNX names types of elements.
enum ElementTypeNumber {
  private static let types: [Int: ElementType] = [
    1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .bool,
    10: .float16, 11: .float64, 12: .uint32, 13: .uint64, 16: .bfloat16,
  ]

  static func type<Number: Scalar>(
    _ number: Int, _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> ElementType {
    guard let type = types[number] else {
      throw call.problem(
        "the type of elements number \(number) is not supported; supported are numbers and bool")
    }
    return type
  }
}

/// Changes of the type of elements.
enum Casting {
  /// Known numbers as another type.
  static func cast(_ host: HostTensor, to type: ElementType) -> HostTensor {
    let elements: HostTensor.Elements
    if type.isFloat {
      elements = .floats(host.numbers)
    } else if type == .bool {
      elements = .booleans(host.truths)
    } else {
      switch host.elements {
      case .integers: elements = host.elements
      case .booleans(let x): elements = .integers(x.map { $0 ? 1 : 0 })
      case .floats(let x): elements = .integers(x.map(whole))
      }
    }
    return HostTensor(type, host.dimensions, elements)
  }

  private static func whole(_ x: Double) -> Int64 {
    guard !x.isNaN else { return 0 }
    return x >= 0x1p63 ? .max : x < -0x1p63 ? .min : Int64(x)
  }

  static func cast<Number: Scalar>(
    _ call: OperatorCall<Number>, to type: ElementType
  ) throws(ModelProblem) -> GraphValue<Number> {
    switch try call.value(0) {
    case .constant(let host):
      try call.check(constant: host.dimensions)
      return .constant(cast(host, to: type))
    case .integers(let integers):
      if type.isFloat { return .variable(call.tape.numbers(of: integers)) }
      guard type != .bool else { return .variable(try notZero(call)) }
      return .integers(integers)
    case .variable(let x):
      // Masks are numbers on the tape: 0 and 1.
      if type.isFloat { return .variable(x) }
      if type == .bool { return .variable(try notZero(call)) }
      if !x.isActive { return .variable(call.tape.steps(try call.tensor(0), .truncate)) }
      throw call.problem("numbers that depend on parameters cannot become \(type.rawValue)")
    case .sequence: throw call.problem("a sequence cannot become \(type.rawValue)")
    }
  }

  private static func notZero<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> Variable<Number> {
    let x = try call.tensor(0)
    let zeros = call.tape.broadcast(call.tape.constant([0], []), to: x.shape.dimensions)
    let isZero = call.tape.comparison(x, .equal, zeros)
    return call.tape.difference(call.tape.constant([1], []), isZero)
  }
}

/// `Cast`.
struct CastOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let type = try ElementTypeNumber.type(try call.int("to", 0), call)
    return [try Casting.cast(call, to: type)]
  }
}

/// `CastLike`: to the type of another tensor.
struct CastLike: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    switch try call.value(1) {
    case .constant(let host): return [try Casting.cast(call, to: host.type)]
    case .variable: return [try Casting.cast(call, to: .float32)]
    case .integers: return [try Casting.cast(call, to: .int64)]
    case .sequence: throw call.problem("its second input is a sequence")
    }
  }
}

/// `Identity`.
struct IdentityOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] { [try call.value(0)] }
}

/// `Dropout`: while training if the file says so.
struct DropoutOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    // Before version 12 a file is for inference.
    let trains = call.opset >= 12 && call.has(2) ? try call.number(2) != 0 : false
    guard trains else { return [try call.value(0)] }
    let rate = call.has(1) ? try call.number(1) : 0.5
    guard rate >= 0, rate < 1 else {
      throw call.problem("its ratio is \(rate), and must be at least 0 and below 1")
    }
    let x = try call.tensor(0)
    guard !x.shape.dimensions.isEmpty else {
      throw call.problem("it needs examples along its first axis, not a single number")
    }
    return [.variable(call.tape.dropout(x, rate: rate))]
  }
}
