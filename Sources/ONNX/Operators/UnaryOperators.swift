import Differentiation
import Tensors

/// Functions of one number that shapes and constants pass through, too.
enum UnaryOperator: GraphOperator {
  case abs, negative, sign, floor, ceiling, round
  case squareRoot, reciprocal, exponential, logarithm, sine, cosine

  var foldsConstants: Bool {
    switch self {
    case .abs, .negative, .sign, .floor, .ceiling, .round, .squareRoot, .reciprocal: true
    default: false
    }
  }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    if foldsConstants, case .constant(let host) = try call.value(0) {
      return [.constant(HostTensor(host.type, host.dimensions, folded(host)))]
    }
    let (x, tape) = (try call.tensor(0), call.tape)
    switch self {
    case .abs: return [.variable(tape.magnitude(x))]
    case .negative: return [.variable(tape.negated(x))]
    case .sign: return [.variable(tape.steps(x, .sign))]
    case .floor: return [.variable(tape.steps(x, .floor))]
    case .ceiling: return [.variable(tape.steps(x, .ceiling))]
    case .round: return [.variable(tape.steps(x, .round))]
    case .squareRoot: return [.variable(tape.squareRoot(x))]
    case .reciprocal: return [.variable(tape.power(x, -1))]
    case .exponential: return [.variable(tape.exponential(x))]
    case .logarithm: return [.variable(tape.logarithm(x))]
    case .sine: return [.variable(tape.sine(x))]
    case .cosine: return [.variable(tape.cosine(x))]
    }
  }

  private func folded(_ host: HostTensor) -> HostTensor.Elements {
    switch host.elements {
    case .integers(let x):
      .integers(
        x.map {
          switch self {
          case .abs: $0 < 0 ? 0 &- $0 : $0
          case .negative: 0 &- $0
          case .sign: $0.signum()
          default: $0
          }
        })
    case .floats, .booleans: .floats(host.numbers.map(value))
    }
  }

  private func value(_ x: Double) -> Double {
    switch self {
    case .abs: x.magnitude
    case .negative: -x
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .floor: x.rounded(.down)
    case .ceiling: x.rounded(.up)
    case .round: x.rounded(.toNearestOrEven)
    case .squareRoot: x.squareRoot()
    case .reciprocal: 1 / x
    default: x
    }
  }
}

/// Activations, with their constants as attributes.
enum Activation: GraphOperator {
  case relu, leakyRelu, elu, selu, celu, sigmoid, hardSigmoid, hardSwish, swish, tanh, erf, gelu
  case softplus, softsign, mish, thresholdedRelu

  /// Whether it is one operation of the tape, number by number in any layout.
  private var keepsLayout: Bool {
    switch self {
    case .relu, .leakyRelu, .elu, .selu, .celu, .sigmoid, .hardSwish, .tanh, .erf, .gelu, .softplus,
      .softsign, .mish:
      true
    case .hardSigmoid, .swish, .thresholdedRelu: false
    }
  }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (x, tape) = (keepsLayout ? try call.elements(0) : try call.tensor(0), call.tape)
    switch self {
    case .relu: return [.variable(tape.rectified(x))]
    case .leakyRelu: return [.variable(try leaky(call, x))]
    case .elu:
      return [.variable(tape.exponentialUnit(x, depth: try call.float("alpha", 1)))]
    case .selu:
      let alpha = try call.float("alpha", 1.673_263_192_176_818_847_66)
      let gain = try call.float("gamma", 1.050_701_022_148_132_324_22)
      return [.variable(tape.exponentialUnit(x, gain: gain, depth: gain * alpha))]
    case .celu:
      let alpha = try call.float("alpha", 1)
      guard alpha != 0 else { throw call.problem("its alpha is 0") }
      return [.variable(tape.exponentialUnit(x, depth: alpha, scale: alpha))]
    case .sigmoid: return [.variable(tape.sigmoid(x))]
    case .hardSigmoid:
      let (alpha, beta) = (try call.float("alpha", 0.2), try call.float("beta", 0.5))
      let line = tape.sum(tape.scaled(x, by: Number(alpha)), tape.constant([beta], []))
      return [.variable(tape.clipped(line, from: 0, to: 1))]
    case .hardSwish: return [.variable(tape.hardSwish(x))]
    case .swish:
      let alpha = try call.float("alpha", 1)
      guard alpha != 1 else { return [.variable(tape.silu(x))] }
      return [.variable(tape.product(x, tape.sigmoid(tape.scaled(x, by: Number(alpha)))))]
    case .tanh: return [.variable(tape.tanh(x))]
    case .erf: return [.variable(tape.errorFunction(x))]
    case .gelu:
      switch try call.string("approximate", "none") {
      case "none": return [.variable(tape.gelu(x))]
      case "tanh": return [.variable(tape.gelu(x, form: .tanh))]
      case let form:
        throw call.problem("its form approximate=\(form) is not supported; none and tanh are")
      }
    case .softplus: return [.variable(tape.softplus(of: x))]
    case .softsign: return [.variable(tape.softsign(x))]
    case .mish: return [.variable(tape.mish(x))]
    case .thresholdedRelu:
      let alpha = tape.constant([try call.float("alpha", 1)], [])
      let mask = tape.comparison(
        x, .greater, tape.broadcast(alpha, to: x.shape.dimensions))
      return [.variable(tape.product(x, mask))]
    }
  }

  private func leaky<Number: Scalar>(
    _ call: OperatorCall<Number>, _ x: Variable<Number>
  ) throws(ModelProblem) -> Variable<Number> {
    let slope = Number(try call.float("alpha", 0.01))
    if slope > 0 { return call.tape.leakyRectified(x, slope: slope) }
    if slope == 0 { return call.tape.rectified(x) }
    let x = try call.tensor(0)
    let positive = call.tape.rectified(x)
    return call.tape.sum(
      positive, call.tape.scaled(call.tape.difference(x, positive), by: slope))
  }
}

/// `PRelu`: a slope that is trained.
struct PRelu: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (x, slope, tape) = (try call.tensor(0), try call.tensor(1), call.tape)
    let shape = x.shape.dimensions
    guard Places.broadcast(shape, slope.shape.dimensions) == shape else {
      throw call.problem("its slope \(slope.shape) does not broadcast to \(x.shape)")
    }
    let positive = tape.rectified(x)
    return [.variable(tape.sum(positive, tape.product(slope, tape.difference(x, positive))))]
  }
}

/// `Clip`: bounds are attributes before version 11, inputs since.
struct ClipOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    var value = try call.value(0)
    if isKnown(call, 1), isKnown(call, 2) {
      let lowest = call.has(1) ? try call.number(1) : try call.float("min", -.infinity)
      let highest = call.has(2) ? try call.number(2) : try call.float("max", .infinity)
      if case .constant(let host) = value {
        let numbers = host.numbers.map { min(max($0, lowest), highest) }
        let result = HostTensor(.float64, host.dimensions, .floats(numbers))
        return [.constant(Casting.cast(result, to: host.type))]
      }
      return [.variable(call.tape.clipped(try call.tensor(0), from: lowest, to: highest))]
    }
    // A bound that is computed, as normalising a vector does.
    if call.has(1) { value = try Extremum.extremum(call, value, try call.value(1), true) }
    if call.has(2) { value = try Extremum.extremum(call, value, try call.value(2), false) }
    return [value]
  }

  private func isKnown<Number: Scalar>(_ call: OperatorCall<Number>, _ i: Int) -> Bool {
    guard call.has(i) else { return true }
    if case .constant? = call.inputs[i] { return true }
    return false
  }
}
