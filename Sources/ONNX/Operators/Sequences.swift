import Differentiation
import Tensors

/// `SplitToSequence`.
struct SplitToSequence: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let dimensions = try call.dimensions(0)
    let axis = try call.axis(try call.int("axis", 0), dimensions.count)
    let length = dimensions[axis]
    var lengths: [Int]
    var keeps = true
    if call.has(1) {
      lengths = try call.integers(1)
      if try call.constant(1).dimensions.isEmpty {
        guard lengths[0] > 0 else { throw call.problem("parts of \(lengths[0]) elements") }
        let part = lengths[0]
        lengths = stride(from: 0, to: length, by: min(part, max(1, length))).map {
          min(part, length - $0)
        }
      }
    } else {
      lengths = [Int](repeating: 1, count: length)
      keeps = try call.flag("keepdims", true)
    }
    var parts = try SplitOperator.split(call, axis, lengths)
    if !keeps {
      var shape = dimensions
      shape.remove(at: axis)
      for i in parts.indices { parts[i] = try call.reshaped(parts[i], shape) }
    }
    return [.sequence(parts)]
  }
}

extension OperatorCall {
  /// An input that is a sequence.
  func sequence(_ i: Int) throws(ModelProblem) -> [GraphValue<Number>] {
    guard case .sequence(let values) = try value(i) else {
      throw problem("its input \(i) (\(name(i))) must be a sequence")
    }
    return values
  }
}

/// `SequenceAt`.
struct SequenceAt: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (values, place) = (try call.sequence(0), try call.integer(1))
    guard (-values.count..<values.count).contains(place) else {
      throw call.problem("there is no place \(place) in a sequence of \(values.count)")
    }
    return [values[place < 0 ? place + values.count : place]]
  }
}

/// `SequenceConstruct`.
struct SequenceConstruct: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    var values: [GraphValue<Number>] = []
    for i in call.inputs.indices { values.append(try call.value(i)) }
    return [.sequence(values)]
  }
}

/// `SequenceLength`.
struct SequenceLength: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let count = try call.sequence(0).count
    return [.constant(HostTensor(.int64, [], .integers([Int64(count)])))]
  }
}

/// `ConcatFromSequence`.
struct ConcatFromSequence: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    var values = try call.sequence(0)
    let axis = try call.int("axis", 0)
    if try call.flag("new_axis") {
      for i in values.indices {
        var shape = try call.dimensions(of: values[i])
        shape.insert(1, at: try call.axis(axis, shape.count + 1))
        values[i] = try call.reshaped(values[i], shape)
      }
    }
    return [try call.concatenated(values, axis: axis)]
  }
}
