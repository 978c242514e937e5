import Differentiation
import Tensors

/// `Attention` (since 23): softmax(s Q Kᵀ + mask) V, with heads in an axis of their own or side by side.
struct AttentionOperator: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    guard !call.has(4), !call.has(5), !call.has(6) else {
      throw call.problem("keys and values of the past are not supported")
    }
    let isFlat = try call.dimensions(0).count == 3
    let queryHeads = try call.int("q_num_heads", 0)
    let keyHeads = try call.int("kv_num_heads", 0)
    let queries = try heads(call, 0, queryHeads)
    var (keys, values) = (try heads(call, 1, keyHeads), try heads(call, 2, keyHeads))
    let (q, k, v) = (queries.shape.dimensions, keys.shape.dimensions, values.shape.dimensions)
    guard q[0] == k[0], k[0] == v[0], q[3] == k[3], k[1] == v[1], k[2] == v[2], q[1] % k[1] == 0
    else { throw call.problem("queries \(q), keys \(k) and values \(v) do not go together") }
    if q[1] != k[1] {
      keys = try repeated(call, keys, q[1] / k[1])
      values = try repeated(call, values, q[1] / k[1])
    }
    let tape = call.tape
    let scale = try call.float("scale", 1 / Double(q[3]).squareRoot())
    let weights = try softmax(
      call,
      tape.matrixProduct(
        tape.scaled(queries, by: Number(scale)), keys, transposingRight: true))
    let result = tape.matrixProduct(weights, values)
    guard isFlat else { return [.variable(result)] }
    return [
      try call.reshaped(
        try call.transposed(.variable(result), [0, 2, 1, 3]), [q[0], q[2], q[1] * v[3]])
    ]
  }

  private func heads<Number: Scalar>(
    _ call: OperatorCall<Number>, _ i: Int, _ heads: Int
  ) throws(ModelProblem) -> Variable<Number> {
    let x = try call.tensor(i)
    let shape = x.shape.dimensions
    if shape.count == 4 { return x }
    guard shape.count == 3, heads > 0, shape[2] % heads == 0 else {
      throw call.problem("its input \(i) is \(shape) with \(heads) heads")
    }
    let parts = try call.reshaped(
      .variable(x), [shape[0], shape[1], heads, shape[2] / heads])
    return try call.tensor(try call.transposed(parts, [0, 2, 1, 3]), "its input \(i)")
  }

  /// Every head as often as queries share it.
  private func repeated<Number: Scalar>(
    _ call: OperatorCall<Number>, _ x: Variable<Number>, _ times: Int
  ) throws(ModelProblem) -> Variable<Number> {
    let places = (0..<x.shape.dimensions[1] * times).map { $0 / times }
    return try call.tensor(
      try call.gathered(.variable(x), axis: 1, places: places), "its input")
  }

  private func softmax<Number: Scalar>(
    _ call: OperatorCall<Number>, _ scores: Variable<Number>
  ) throws(ModelProblem) -> Variable<Number> {
    var x = GraphValue.variable(scores)
    let cap = try call.float("softcap", 0)
    if cap != 0 {
      let bounded = call.tape.tanh(call.tape.scaled(scores, by: 1 / Number(cap)))
      x = .variable(call.tape.scaled(bounded, by: Number(cap)))
    }
    let shape = scores.shape.dimensions
    let nothing = GraphValue<Number>.constant(HostTensor(.float32, [], .floats([-.infinity])))
    if call.has(3) {
      let mask = try call.value(3)
      guard try call.broadcast(shape, try call.dimensions(3)) == shape else {
        throw call.problem("a mask of \(try call.dimensions(3)) for scores of \(shape)")
      }
      if case .constant(let host) = mask, host.type == .bool {
        x = try WhereOperator.choose(call, mask, x, nothing)
      } else {
        x = .variable(call.tape.sum(try call.tensor(x, "its scores"), try call.tensor(3)))
      }
    }
    let y = try call.tensor(x, "its scores")
    guard try call.flag("is_causal") else { return call.tape.softmax(y) }
    return call.tape.softmax(y, mask: .causal)
  }
}
