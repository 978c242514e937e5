import Differentiation
import Tensors

/// `Reshape`.
struct ReshapeOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let from = try call.dimensions(0)
    guard var shape = try call.integers("shape", orInput: 1) else {
      throw call.problem("it has no shape")
    }
    let wanted = shape
    if try !call.flag("allowzero") {
      for axis in shape.indices where shape[axis] == 0 {
        guard axis < from.count else {
          throw call.problem("the shape \(wanted) copies axis \(axis) of \(from), which has none")
        }
        shape[axis] = from[axis]
      }
    }
    if let open = shape.firstIndex(of: -1) {
      shape[open] = 1
      let (count, known) = (try call.count(from), try call.count(shape))
      guard known > 0, count % known == 0 else {
        throw call.problem("\(from) cannot have the shape \(wanted)")
      }
      shape[open] = count / known
    }
    guard try call.count(shape) == (try call.count(from)) else {
      throw call.problem("\(from) cannot have the shape \(wanted)")
    }
    return [try call.reshaped(try call.value(0), shape)]
  }
}

/// `Flatten`: to a matrix.
struct FlattenOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let from = try call.dimensions(0)
    let number = try call.int("axis", 1)
    guard number >= -from.count, number <= from.count else {
      throw call.problem("there is no axis \(number) in \(from)")
    }
    let axis = number < 0 ? number + from.count : number
    let shape = [try call.count(Array(from[..<axis])), try call.count(Array(from[axis...]))]
    return [try call.reshaped(try call.value(0), shape)]
  }
}

/// `Squeeze`: without axes of length 1.
struct SqueezeOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let from = try call.dimensions(0)
    var axes = Set(from.indices.filter { from[$0] == 1 })
    if let named = try call.integers("axes", orInput: 1) {
      axes = Set(try call.axes(named, from.count))
    }
    guard axes.allSatisfy({ from[$0] == 1 }) else {
      throw call.problem("the axes \(axes.sorted()) of \(from) are not all of length 1")
    }
    let shape = from.indices.filter { !axes.contains($0) }.map { from[$0] }
    return [try call.reshaped(try call.value(0), shape)]
  }
}

/// `Unsqueeze`: with new axes of length 1.
struct UnsqueezeOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let from = try call.dimensions(0)
    guard let named = try call.integers("axes", orInput: 1) else {
      throw call.problem("it has no axes")
    }
    let rank = from.count + named.count
    let axes = Set(try call.axes(named, rank))
    var rest = from[...]
    var shape: [Int] = []
    for axis in 0..<rank { shape.append(axes.contains(axis) ? 1 : rest.removeFirst()) }
    return [try call.reshaped(try call.value(0), shape)]
  }
}
