import Differentiation
import Tensors

// The layouts of values, known ones and variables alike.
extension OperatorCall {
  /// The same elements in the same order with other dimensions.
  func reshaped(
    _ value: GraphValue<Number>, _ dimensions: [Int]
  ) throws(ModelProblem) -> GraphValue<Number> {
    let from = try self.dimensions(of: value)
    guard try count(dimensions) == (try count(from)) else {
      throw problem("\(from) cannot have the shape \(dimensions)")
    }
    switch value {
    case .constant(let host): return .constant(host.reshaped(dimensions))
    case .integers(let integers): return .integers(integers.reshaped(to: dimensions))
    default:
      let x = try tensor(value, "its input")
      if x.shape == .tensor(dimensions) { return .variable(x) }
      return .variable(tape.reshaped(x, to: dimensions))
    }
  }

  /// The axes in another order, which must be an order of them.
  func transposed(
    _ value: GraphValue<Number>, _ order: [Int]
  ) throws(ModelProblem) -> GraphValue<Number> {
    if order == Array(order.indices) { return value }
    if case .constant(let host) = value {
      try check(constant: host.dimensions)
      return .constant(host.transposed(order))
    }
    return .variable(tape.transposed(try tensor(value, "its input"), order))
  }

  /// Other places of an axis, in any order; −1 for a constant.
  func gathered(
    _ value: GraphValue<Number>, axis: Int, places: [Int], fill: Double = 0
  ) throws(ModelProblem) -> GraphValue<Number> {
    var shape = try dimensions(of: value)
    let length = shape[axis]
    guard places.allSatisfy({ (-1..<length).contains($0) }) else {
      throw problem("an index is outside of axis \(axis) of length \(length)")
    }
    if places == Array(0..<length) { return value }
    shape[axis] = places.count
    if case .constant(let host) = value {
      try check(constant: shape)
      guard places.contains(-1) else {
        return .constant(host.gathered(axis: axis, places: places))
      }
      return .constant(padded(host, axis: axis, places: places, fill: fill))
    }
    try check(variable: shape)
    let x = try tensor(value, "its input")
    if let first = places.first, first >= 0, places == Array(first..<first + places.count) {
      return .variable(tape.slice(x, axis: axis, first..<first + places.count))
    }
    return .variable(tape.gathered(x, axis: axis, places: places, fill: Number(fill)))
  }

  private func padded(
    _ host: HostTensor, axis: Int, places: [Int], fill: Double
  ) -> HostTensor {
    // One more place, that of the constant.
    let constant: HostTensor.Elements =
      switch host.elements {
      case .floats: .floats([fill])
      case .integers: .integers([Int64(fill)])
      case .booleans: .booleans([fill != 0])
      }
    var shape = host.dimensions
    shape[axis] = 1
    let filling = HostTensor(host.type, [1], constant).broadcast(to: shape)
    let length = host.dimensions[axis]
    return Self.joined([host, filling], axis: axis)
      .gathered(axis: axis, places: places.map { $0 < 0 ? length : $0 })
  }

  /// Known tensors behind each other along an axis.
  static func joined(_ parts: [HostTensor], axis: Int) -> HostTensor {
    var shape = parts[0].dimensions
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    shape[axis] = parts.reduce(0) { $0 + $1.dimensions[axis] }
    var starts: [Int] = []
    var start = 0
    for part in parts {
      starts.append(start)
      start += part.count
    }
    var places: [Int] = []
    for o in 0..<outer {
      for (part, start) in zip(parts, starts) {
        let length = part.dimensions[axis] * inner
        places.append(contentsOf: start + o * length..<start + (o + 1) * length)
      }
    }
    return HostTensor(
      parts[0].type, shape, HostTensor.Elements.joined(parts.map(\.elements)).taken(places))
  }

  /// Values behind each other along an axis.
  func concatenated(
    _ values: [GraphValue<Number>], axis: Int
  ) throws(ModelProblem) -> GraphValue<Number> {
    var shapes: [[Int]] = []
    for value in values { shapes.append(try dimensions(of: value)) }
    guard let first = shapes.first else { throw problem("it joins no tensors") }
    let axis = try self.axis(axis, first.count)
    var total = 0
    for shape in shapes {
      guard shape.count == first.count,
        shape.indices.allSatisfy({ $0 == axis || shape[$0] == first[$0] })
      else { throw problem("\(first) and \(shape) cannot be joined along axis \(axis)") }
      total += shape[axis]
    }
    var result = first
    result[axis] = total
    var hosts: [HostTensor] = []
    for case .constant(let host) in values { hosts.append(host) }
    if hosts.count == values.count {
      try check(constant: result)
      guard Set(hosts.map { Self.kind($0.elements) }).count == 1 else {
        throw problem("it joins tensors of different types")
      }
      return .constant(Self.joined(hosts, axis: axis))
    }
    try check(variable: result)
    var parts: [Variable<Number>] = []
    for (i, value) in values.enumerated() where shapes[i][axis] > 0 {
      parts.append(try tensor(value, "its input \(i)"))
    }
    if parts.count == 1 { return .variable(parts[0]) }
    return .variable(tape.concatenated(parts, axis: axis))
  }

  static func kind(_ elements: HostTensor.Elements) -> Int {
    switch elements {
    case .floats: 0
    case .integers: 1
    case .booleans: 2
    }
  }

  /// A value on the tape, repeated there to a shape that it broadcasts to.
  func spread(
    _ value: GraphValue<Number>, to dimensions: [Int], _ what: String
  ) throws(ModelProblem) -> Variable<Number> {
    let x = try tensor(value, what)
    if x.shape == .tensor(dimensions) { return x }
    guard try broadcast(x.shape.dimensions, dimensions) == dimensions else {
      throw problem("\(x.shape) does not broadcast to \(dimensions)")
    }
    return tape.broadcast(x, to: dimensions)
  }

  /// Repeated to a shape that it broadcasts to.
  func expanded(
    _ value: GraphValue<Number>, to dimensions: [Int]
  ) throws(ModelProblem) -> GraphValue<Number> {
    let from = try self.dimensions(of: value)
    guard try broadcast(from, dimensions) == dimensions else {
      throw problem("\(from) does not broadcast to \(dimensions)")
    }
    if from == dimensions { return value }
    if case .constant(let host) = value {
      try check(constant: dimensions)
      return .constant(host.broadcast(to: dimensions))
    }
    try check(variable: dimensions)
    return .variable(tape.broadcast(try tensor(value, "its input"), to: dimensions))
  }
}
