import Tensors

/// Tensors behind each other along an axis; linear.
final class Concatenation<Number: Scalar>: Operation {
  /// Numbers that stand together: of one operand, at one index of the axes before.
  private struct Part {
    let operand: Operand<Number>
    let start: Int
    let length: Int
  }

  let result: Variable<Number>
  private let parts: [Part]
  private let outer: Int
  /// Numbers of the result at one index of the axes before.
  private let length: Int

  init(on tape: Tape<Number>, inputs: [Variable<Number>], axis: Int, shape: [Int]) {
    outer = shape.prefix(axis).reduce(1, *)
    let inner = shape.dropFirst(axis + 1).reduce(1, *)
    length = shape[axis] * inner
    var start = 0
    parts = inputs.map { input in
      let length = input.shape.dimensions[axis] * inner
      defer { start += length }
      return Part(operand: Operand(input), start: start, length: length)
    }
    result = tape.result(.tensor(shape), of: parts.map(\.operand))
  }

  var operands: [Operand<Number>] { parts.map(\.operand) }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() {
    for part in parts { put(UnsafePointer(part.operand.variable.value), part, into: result.value) }
  }

  func tangent() {
    for part in parts {
      let x = part.operand.variable
      put(x.isActive ? UnsafePointer(x.tangent) : nil, part, into: result.tangent)
    }
  }

  func pullback() {
    for part in parts where part.operand.variable.isActive {
      take(result.cotangent, part, into: part.operand.variable.cotangent)
    }
  }

  func pullbackTangent() {
    for part in parts where part.operand.variable.isActive {
      take(result.cotangentTangent, part, into: part.operand.variable.cotangentTangent)
    }
  }

  private func put(
    _ x: UnsafePointer<Number>?, _ part: Part, into y: UnsafeMutablePointer<Number>
  ) {
    for i in 0..<outer {
      let y = y + i * length + part.start
      if let x {
        y.update(from: x + i * part.length, count: part.length)
      } else {
        Elementwise.fill(y, count: part.length, with: 0)
      }
    }
  }

  private func take(
    _ y: UnsafePointer<Number>, _ part: Part, into x: UnsafeMutablePointer<Number>
  ) {
    for i in 0..<outer {
      Elementwise.deliver(
        y + i * length + part.start, to: x + i * part.length, count: part.length,
        accumulate: part.operand.accumulates)
    }
  }
}

extension Tape {
  /// Tensors behind each other along an axis; all other axes are alike.
  ///
  /// A negative axis counts from the end.
  public func concatenated(_ inputs: [Variable<Number>], axis: Int) -> Variable<Number> {
    precondition(!inputs.isEmpty, "a concatenation of nothing")
    let axis = axisIndex(axis, of: inputs[0])
    var shape = tensorDimensions(inputs[0], "a concatenation")
    shape[axis] = 0
    for input in inputs {
      var other = tensorDimensions(input, "a concatenation")
      precondition(
        other.count == shape.count,
        "a concatenation of \(inputs[0].shape) and \(input.shape) along axis \(axis)")
      let count = other[axis]
      other[axis] = shape[axis]
      precondition(
        other == shape,
        "a concatenation of \(inputs[0].shape) and \(input.shape) along axis \(axis)")
      shape[axis] += count
    }
    return record(Concatenation(on: self, inputs: inputs, axis: axis, shape: shape))
  }
}
