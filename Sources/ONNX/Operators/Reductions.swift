import Differentiation
import Tensors

/// Sums and the like over axes, which are an attribute in old versions and an input in new ones.
enum Reduction: GraphOperator {
  case sum, mean, maximum, minimum, product, l1, l2, sumOfSquares, logarithmOfSum
  case logarithmOfSumOfExponentials

  var foldsConstants: Bool {
    switch self {
    case .sum, .mean, .maximum, .minimum, .product: true
    default: false
    }
  }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let dimensions = try call.dimensions(0)
    let named = try call.integers("axes", orInput: 1) ?? []
    if named.isEmpty, try call.flag("noop_with_empty_axes") { return [try call.value(0)] }
    let axes =
      named.isEmpty ? Array(dimensions.indices) : try call.axes(named, dimensions.count).sorted()
    let keeps = try call.flag("keepdims", true)
    let whole = dimensions.indices.map { axes.contains($0) ? 1 : dimensions[$0] }
    let shape =
      keeps ? whole : dimensions.indices.filter { !axes.contains($0) }.map { dimensions[$0] }
    if foldsConstants, case .constant(let host) = try call.value(0) {
      return [.constant(try folded(call, host, axes, shape))]
    }
    let x = try call.tensor(0)
    let reduced = try reduced(call, x, axes)
    return [try call.reshaped(.variable(reduced), shape)]
  }

  /// With the axes kept.
  private func reduced<Number: Scalar>(
    _ call: OperatorCall<Number>, _ x: Variable<Number>, _ axes: [Int]
  ) throws(ModelProblem) -> Variable<Number> {
    let tape = call.tape
    func sum(_ x: Variable<Number>) -> Variable<Number> {
      tape.sum(of: x, axes: axes, keepingAxes: true)
    }
    switch self {
    case .sum: return sum(x)
    case .mean: return tape.mean(of: x, axes: axes, keepingAxes: true)
    case .maximum: return try Self.maximum(call, x, axes)
    case .minimum: return tape.negated(try Self.maximum(call, tape.negated(x), axes))
    case .l1: return sum(tape.magnitude(x))
    case .l2: return tape.squareRoot(sum(tape.power(x, 2)))
    case .sumOfSquares: return sum(tape.power(x, 2))
    case .logarithmOfSum: return tape.logarithm(sum(x))
    case .logarithmOfSumOfExponentials:
      // Less the maximum, which is a constant here: its derivatives cancel.
      let largest = try Self.maximum(call, x, axes)
      let sums = sum(tape.exponential(tape.difference(x, largest)))
      return tape.sum(tape.logarithm(sums), largest)
    case .product:
      throw call.problem("products of numbers that depend on the examples are not supported")
    }
  }

  static func maximum<Number: Scalar>(
    _ call: OperatorCall<Number>, _ x: Variable<Number>, _ axes: [Int]
  ) throws(ModelProblem) -> Variable<Number> {
    let dimensions = x.shape.dimensions
    let kept = dimensions.indices.filter { !axes.contains($0) }
    let count = axes.reduce(1) { $0 * dimensions[$1] }
    guard count <= 1 << 22 else {
      throw call.problem("a maximum of \(count) numbers; 2^22 is the most")
    }
    let rows = try call.tensor(
      try call.transposed(.variable(x), kept + axes), "its input")
    let windows = PlaneWindows(inputCount: count, [(0..<count).map { ($0, 1) }])
    let shape = dimensions.indices.map { axes.contains($0) ? 1 : dimensions[$0] }
    return call.tape.maxima(of: rows, over: windows, to: shape)
  }

  // MARK: Known numbers

  private func folded<Number: Scalar>(
    _ call: OperatorCall<Number>, _ host: HostTensor, _ axes: [Int], _ shape: [Int]
  ) throws(ModelProblem) -> HostTensor {
    let dimensions = host.dimensions
    let kept = dimensions.indices.filter { !axes.contains($0) }
    let length = try call.count(axes.map { dimensions[$0] })
    try call.check(constant: dimensions)
    try call.check(constant: shape)
    let ordered = host.transposed(kept + axes)
    let rows = try call.count(shape)
    guard length > 0 || self == .sum || self == .product || rows == 0 else {
      throw call.problem("it is over no elements")
    }
    if case .integers(let x) = ordered.elements {
      let results = (0..<rows).map { integer(x[$0 * length..<($0 + 1) * length]) }
      return HostTensor(host.type, shape, .integers(results))
    }
    let x = ordered.numbers
    let results = (0..<rows).map { number(x[$0 * length..<($0 + 1) * length]) }
    return HostTensor(host.type, shape, .floats(results))
  }

  private func integer(_ x: ArraySlice<Int64>) -> Int64 {
    switch self {
    case .product: x.reduce(1, &*)
    case .maximum: x.max() ?? 0
    case .minimum: x.min() ?? 0
    case .mean: x.reduce(0, &+) / Int64(max(1, x.count))
    default: x.reduce(0, &+)
    }
  }

  private func number(_ x: ArraySlice<Double>) -> Double {
    switch self {
    case .product: x.reduce(1, *)
    case .maximum: x.max() ?? 0
    case .minimum: x.min() ?? 0
    case .mean: x.reduce(0, +) / Double(x.count)
    default: x.reduce(0, +)
    }
  }
}

/// `CumSum`: a product with a triangle of ones.
struct CumSum: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let x = try call.tensor(0)
    let dimensions = x.shape.dimensions
    let axis = try call.axis(try call.integer(1), dimensions.count)
    let (length, last) = (dimensions[axis], dimensions.count - 1)
    let (isExclusive, isReversed) = (try call.flag("exclusive"), try call.flag("reverse"))
    let (square, _) = length.multipliedReportingOverflow(by: length)
    guard length <= 1 << 12 else {
      throw call.problem("sums along an axis of \(length); 4096 is the most")
    }
    try call.check(constant: [square])
    // Row j of the result takes column i if it counts.
    let triangle = (0..<length).flatMap { j in
      (0..<length).map { i -> Double in
        let distance = isReversed ? i - j : j - i
        return distance > 0 || (distance == 0 && !isExclusive) ? 1 : 0
      }
    }
    var order = Array(dimensions.indices)
    order.swapAt(axis, last)
    let moved = try call.tensor(try call.transposed(.variable(x), order), "its input")
    let rows = try call.tensor(
      try call.reshaped(.variable(moved), [x.count / length, length]), "its input")
    let sums = call.tape.matrixProduct(
      rows, transposed: call.tape.constant(triangle, [length, length]))
    let back = try call.reshaped(.variable(sums), moved.shape.dimensions)
    return [try call.transposed(back, order)]
  }
}

/// `Softmax` and `LogSoftmax`: before version 13 over all axes from one on together.
struct SoftmaxOperator: GraphOperator {
  let isLogarithm: Bool

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let x = try call.tensor(0)
    let shape = x.shape.dimensions
    let isFlattened = call.opset < 13
    let axis = try call.axis(try call.int("axis", isFlattened ? 1 : -1), shape.count)
    guard isFlattened, axis != shape.count - 1 else { return [.variable(apply(call, x, axis))] }
    let length = shape[axis...].reduce(1, *)
    let rows = try call.tensor(
      try call.reshaped(.variable(x), [x.count / length, length]), "its input")
    return [try call.reshaped(.variable(apply(call, rows, 1)), shape)]
  }

  private func apply<Number: Scalar>(
    _ call: OperatorCall<Number>, _ x: Variable<Number>, _ axis: Int
  ) -> Variable<Number> {
    isLogarithm ? call.tape.logSoftmax(x, axis: axis) : call.tape.softmax(x, axis: axis)
  }
}
