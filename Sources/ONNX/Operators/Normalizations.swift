import Differentiation
import Tensors

extension OperatorCall {
  /// γ x + β with one factor and one term a channel, where they are not known to be 1 and 0.
  func affine(
    _ x: Variable<Number>, scale: Int, shift: Int, shape: [Int]
  ) throws(ModelProblem) -> Variable<Number> {
    var y = x
    func isAll(_ i: Int, _ number: Double) -> Bool {
      guard i < inputs.count, case .constant(let host)? = inputs[i] else { return false }
      return host.numbers.allSatisfy { $0 == number }
    }
    if has(scale), !isAll(scale, 1) {
      y = tape.product(y, try tensor(try reshaped(try value(scale), shape), "its scale"))
    }
    if has(shift), !isAll(shift, 0) {
      y = tape.sum(y, try tensor(try reshaped(try value(shift), shape), "its bias"))
    }
    return y
  }

  /// Rows `[rows, columns]` normalised to mean 0 and variance 1, in the shape of `x`.
  func normalized(
    _ x: Variable<Number>, rows: Int, epsilon: Double
  ) throws(ModelProblem) -> Variable<Number> {
    let matrix = try tensor(try reshaped(.variable(x), [rows, x.count / rows]), "its input")
    let y = tape.layerNormalized(matrix, epsilon: epsilon)
    return try tensor(try reshaped(.variable(y), x.shape.dimensions), "its result")
  }

  /// The attribute epsilon.
  func epsilon() throws(ModelProblem) -> Double {
    let epsilon = try float("epsilon", 1e-5)
    guard epsilon >= 0, epsilon.isFinite else { throw problem("its epsilon is \(epsilon)") }
    return epsilon
  }
}

/// `InstanceNormalization`.
struct InstanceNormalization: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let x = try call.tensor(0)
    let shape = x.shape.dimensions
    guard shape.count >= 3, try call.dimensions(1) == [shape[1]],
      try call.dimensions(2) == [shape[1]]
    else {
      throw call.problem(
        "it normalises [batch, channels, …], not \(shape) with \(try call.dimensions(1))")
    }
    let y = try call.normalized(x, rows: shape[0] * shape[1], epsilon: try call.epsilon())
    let one = [shape[1]] + shape[2...].map { _ in 1 }
    return [.variable(try call.affine(y, scale: 1, shift: 2, shape: one))]
  }
}

/// `GroupNormalization`: its scale has one number a group in version 18, one a channel since 21.
struct GroupNormalization: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let x = try call.tensor(0)
    let (shape, groups) = (x.shape.dimensions, try call.int("num_groups", 0))
    let count = call.opset < 21 ? groups : shape.count > 1 ? shape[1] : 0
    guard shape.count >= 2, groups > 0, shape[1] % groups == 0,
      try call.dimensions(1) == [count], try call.dimensions(2) == [count]
    else {
      throw call.problem(
        "\(shape) in \(groups) groups with a scale of \(try call.dimensions(1)) at opset "
          + "\(call.opset)")
    }
    let y = try call.normalized(x, rows: shape[0] * groups, epsilon: try call.epsilon())
    guard call.opset < 21 else {
      let one = [shape[1]] + shape[2...].map { _ in 1 }
      return [.variable(try call.affine(y, scale: 1, shift: 2, shape: one))]
    }
    let parts = [shape[0], groups, x.count / shape[0] / groups]
    let grouped = try call.tensor(try call.reshaped(.variable(y), parts), "its input")
    let z = try call.affine(grouped, scale: 1, shift: 2, shape: [groups, 1])
    return [try call.reshaped(.variable(z), shape)]
  }
}

/// `LayerNormalization` over all axes from one on.
struct LayerNormalizationOperator: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let x = try call.tensor(0)
    let shape = x.shape.dimensions
    let axis = try call.axis(try call.int("axis", -1), shape.count)
    let last = Array(shape[axis...])
    let epsilon = try call.epsilon()
    let scale = try call.dimensions(1)
    if scale == last, try call.fits(2, last) {
      return [
        .variable(
          call.tape.layerNormalized(
            x, weight: try call.tensor(1), bias: call.has(2) ? try call.tensor(2) : nil,
            epsilon: epsilon))
      ]
    }
    let shift = call.has(2) ? try call.dimensions(2) : []
    guard Places.broadcast(shape, scale) == shape, Places.broadcast(shape, shift) == shape else {
      throw call.problem("\(shape) with a scale of \(scale) and a bias of \(shift)")
    }
    let rows = shape[..<axis].reduce(1, *)
    var y = try call.normalized(x, rows: rows, epsilon: epsilon)
    y = call.tape.product(y, try call.tensor(1))
    if call.has(2) { y = call.tape.sum(y, try call.tensor(2)) }
    return [.variable(y)]
  }
}

/// `RMSNormalization`: x / √(⟨x²⟩ + ε), times a scale.
struct RMSNormalization: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (x, tape) = (try call.tensor(0), call.tape)
    let (shape, scale) = (x.shape.dimensions, try call.dimensions(1))
    let axis = try call.axis(try call.int("axis", -1), shape.count)
    guard Places.broadcast(shape, scale) == shape else {
      throw call.problem("\(shape) with a scale of \(scale)")
    }
    let squares = tape.mean(
      of: tape.power(x, 2), axes: Array(axis..<shape.count), keepingAxes: true)
    let shifted = tape.sum(squares, tape.constant([try call.epsilon()], []))
    let y = tape.product(x, tape.power(shifted, -0.5))
    return [.variable(tape.product(y, try call.tensor(1)))]
  }
}

/// `LpNormalization` with the norms of order 1 and 2.
struct LpNormalization: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (x, tape) = (try call.tensor(0), call.tape)
    let axis = try call.axis(try call.int("axis", -1), x.shape.dimensions.count)
    switch try call.int("p", 2) {
    case 1:
      let sums = tape.sum(of: tape.magnitude(x), axes: [axis], keepingAxes: true)
      return [.variable(tape.quotient(x, sums))]
    case 2:
      let sums = tape.sum(of: tape.power(x, 2), axes: [axis], keepingAxes: true)
      return [.variable(tape.product(x, tape.power(sums, -0.5)))]
    case let p: throw call.problem("a norm of order \(p) is not supported; 1 and 2 are")
    }
  }
}
