import Differentiation
import Tensors

/// `RNN`, `GRU` and `LSTM`: in either direction or both, from any state.
struct RecurrentOperator: GraphOperator {
  /// Which of them.
  enum Kind {
    case rnn, gru, lstm

    var gates: Int {
      switch self {
      case .rnn: 1
      case .gru: 3
      case .lstm: 4
      }
    }
  }

  let kind: Kind

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let layer = try RecurrentLayer(call, kind)
    var states: [Variable<Number>] = []
    var lastStates: [Variable<Number>] = []
    var lastMemories: [Variable<Number>] = []
    for direction in 0..<layer.directions {
      let run = try layer.run(direction)
      states.append(run.states)
      lastStates.append(run.state)
      if let memory = run.memory { lastMemories.append(memory) }
    }
    var results = [try layer.joined(states: states), try layer.joined(lastStates)]
    if kind == .lstm, lastMemories.count == layer.directions {
      results.append(try layer.joined(lastMemories))
    }
    return results
  }
}

/// The arguments of a recurrent layer, checked.
private struct RecurrentLayer<Number: Scalar> {
  let call: OperatorCall<Number>
  let kind: RecurrentOperator.Kind
  let directions: Int
  private let isReversed: Bool
  private let isBatchFirst: Bool
  private let size: Int
  private let features: Int
  private let time: Int
  private let batch: Int
  /// `[batch, time, features]`.
  private let input: Variable<Number>
  private let resetsAfterProduct: Bool
  private let activations: [String]

  init(_ call: OperatorCall<Number>, _ kind: RecurrentOperator.Kind) throws(ModelProblem) {
    self.call = call
    self.kind = kind
    let direction = try call.string("direction", "forward")
    guard ["forward", "reverse", "bidirectional"].contains(direction) else {
      throw call.problem("its direction is \(direction)")
    }
    directions = direction == "bidirectional" ? 2 : 1
    isReversed = direction == "reverse"
    isBatchFirst = try call.flag("layout")
    let x = try call.tensor(0)
    guard x.shape.dimensions.count == 3 else {
      throw call.problem("its input is \(x.shape), and must have three axes")
    }
    input = isBatchFirst ? x : call.tape.transposed(x, [1, 0, 2])
    batch = input.shape.dimensions[0]
    time = input.shape.dimensions[1]
    features = input.shape.dimensions[2]
    let recurrence = try call.dimensions(2)
    size = recurrence.last ?? 0
    let rows = kind.gates * size
    guard size > 0, recurrence == [directions, rows, size],
      try call.dimensions(1) == [directions, rows, features],
      try call.fits(3, [directions, 2 * rows])
    else {
      throw call.problem(
        "its input is \(x.shape), and its weights are \(try call.dimensions(1)) and \(recurrence)")
    }
    if try call.int("hidden_size", size) != size {
      throw call.problem("its hidden_size is \(try call.int("hidden_size", size)), not \(size)")
    }
    if call.has(4), !(try call.integers(4).allSatisfy { [time] in $0 == time }) {
      throw call.problem("sequences of different lengths (sequence_lens) are not supported")
    }
    guard !call.has(7) else { throw call.problem("peepholes are not supported") }
    guard !call.hasAttribute("clip"), try !call.flag("input_forget") else {
      throw call.problem("the attributes clip and input_forget are not supported")
    }
    resetsAfterProduct = try call.flag("linear_before_reset")
    activations = try Self.activations(call, kind, directions)
    for i in 5..<(kind == .lstm ? 7 : 6) where call.has(i) {
      let wanted = isBatchFirst ? [batch, directions, size] : [directions, batch, size]
      guard try call.dimensions(i) == wanted else {
        throw call.problem("its initial state is \(try call.dimensions(i)), not \(wanted)")
      }
    }
  }

  private static func activations(
    _ call: OperatorCall<Number>, _ kind: RecurrentOperator.Kind, _ directions: Int
  ) throws(ModelProblem) -> [String] {
    let usual: [String] =
      switch kind {
      case .rnn: ["Tanh"]
      case .gru: ["Sigmoid", "Tanh"]
      case .lstm: ["Sigmoid", "Tanh", "Tanh"]
      }
    let all = [[String]](repeating: usual, count: directions).flatMap { $0 }
    guard case .strings(let names)? = call.node.attributes["activations"] else { return all }
    let isSupported =
      kind == .rnn
      ? names.count == directions && names.allSatisfy { ["Tanh", "Relu"].contains($0) }
      : names == all
    guard isSupported else {
      throw call.problem(
        "the activations \(names) are not supported; \(usual.joined(separator: ", ")) are")
    }
    return names
  }

  /// What a run over the sequences gives.
  struct Run {
    /// `[batch, time, size]`.
    let states: Variable<Number>
    /// `[batch, size]`.
    let state: Variable<Number>
    let memory: Variable<Number>?
  }

  func run(_ direction: Int) throws(ModelProblem) -> Run {
    let backwards = isReversed || direction == 1
    let x = backwards ? try reversed(input) : input
    let w = try part(1, direction, [kind.gates * size, features])
    let r = try part(2, direction, [kind.gates * size, size])
    let biases = call.has(3) ? try part(3, direction, [2, kind.gates * size]) : nil
    let run: Run
    if isZero(5), isZero(6), !(kind == .lstm && call.wants(2)), kind != .rnn,
      kind != .gru || resetsAfterProduct
    {
      run = try atOnce(x, w, r, biases)
    } else {
      run = try stepByStep(x, w, r, biases, direction)
    }
    guard backwards else { return run }
    return Run(states: try reversed(run.states), state: run.state, memory: run.memory)
  }

  private func reversed(_ x: Variable<Number>) throws(ModelProblem) -> Variable<Number> {
    try call.tensor(
      try call.gathered(.variable(x), axis: 1, places: Array((0..<time).reversed())), "its input")
  }

  /// Whether an initial state is left out or 0.
  private func isZero(_ i: Int) -> Bool {
    guard i < call.inputs.count, let value = call.inputs[i] else { return true }
    guard case .constant(let host) = value else { return false }
    return host.numbers.allSatisfy { $0 == 0 }
  }

  /// The numbers of one direction.
  private func part(
    _ i: Int, _ direction: Int, _ shape: [Int]
  ) throws(ModelProblem) -> Variable<Number> {
    let all = try call.value(i)
    let one = try call.gathered(all, axis: 0, places: [direction])
    return try call.tensor(try call.reshaped(one, shape), "its input \(i)")
  }

  /// Rows in the tape's order of gates: r, z, n of z, r, n, and i, f, g, o of i, o, f, g.
  private func ordered(
    _ x: Variable<Number>, axis: Int
  ) throws(ModelProblem) -> Variable<Number> {
    let order: [Int] =
      switch kind {
      case .rnn: [0]
      case .gru: [1, 0, 2]
      case .lstm: [0, 2, 3, 1]
      }
    let places = order.flatMap { gate in gate * size..<(gate + 1) * size }
    return try call.tensor(
      try call.gathered(.variable(x), axis: axis, places: places), "its weights")
  }

  private func atOnce(
    _ x: Variable<Number>, _ w: Variable<Number>, _ r: Variable<Number>,
    _ biases: Variable<Number>?
  ) throws(ModelProblem) -> Run {
    let tape = call.tape
    let (w, r) = (try ordered(w, axis: 0), try ordered(r, axis: 0))
    var both: [Variable<Number>?] = [nil, nil]
    if let biases {
      let rows = try ordered(biases, axis: 1)
      for i in 0..<2 {
        both[i] = tape.reshaped(tape.slice(rows, axis: 0, i..<i + 1), to: [kind.gates * size])
      }
    }
    let states =
      kind == .gru
      ? tape.gru(x, inputWeight: w, stateWeight: r, inputBias: both[0], stateBias: both[1])
      : tape.lstm(x, inputWeight: w, stateWeight: r, inputBias: both[0], stateBias: both[1])
    return Run(states: states, state: step(states, time - 1), memory: nil)
  }

  /// `[batch, size]` of `[batch, time, size]`.
  private func step(_ x: Variable<Number>, _ t: Int) -> Variable<Number> {
    let width = x.shape.dimensions[2]
    return call.tape.reshaped(
      call.tape.slice(x, axis: 1, t..<t + 1), to: [batch, width])
  }

  /// `[batch, size]` of an initial state; 0 if it is left out.
  private func start(_ i: Int, _ direction: Int) throws(ModelProblem) -> Variable<Number> {
    guard call.has(i) else {
      return call.tape.constant([Double](repeating: 0, count: batch * size), [batch, size])
    }
    let one = try call.gathered(
      try call.value(i), axis: isBatchFirst ? 1 : 0, places: [direction])
    return try call.tensor(try call.reshaped(one, [batch, size]), "its initial state")
  }

  private func stepByStep(
    _ x: Variable<Number>, _ w: Variable<Number>, _ r: Variable<Number>,
    _ biases: Variable<Number>?, _ direction: Int
  ) throws(ModelProblem) -> Run {
    guard time <= 1 << 10 else {
      throw call.problem("\(time) steps with this form or a state given; 1024 are the most")
    }
    let (tape, rows) = (call.tape, kind.gates * size)
    var sums = tape.matrixProduct(
      tape.reshaped(x, to: [batch * time, features]), transposed: w)
    var stateBias: Variable<Number>?
    if let biases {
      let first = tape.reshaped(tape.slice(biases, axis: 0, 0..<1), to: [rows])
      sums = tape.adding(bias: first, to: sums)
      stateBias = tape.reshaped(tape.slice(biases, axis: 0, 1..<2), to: [rows])
    }
    let inputs = tape.reshaped(sums, to: [batch, time, rows])
    var state = try start(5, direction)
    var memory = kind == .lstm ? try start(6, direction) : nil
    var states: [Variable<Number>] = []
    for t in 0..<time {
      let cell = RecurrentStep(
        tape: tape, size: size, input: step(inputs, t), weight: r, bias: stateBias)
      switch kind {
      case .rnn: state = cell.plain(state, activations[direction])
      case .gru:
        state = resetsAfterProduct ? cell.gatedAfterProduct(state) : cell.gatedBeforeProduct(state)
      case .lstm:
        if let before = memory { (state, memory) = cell.long(state, before) }
      }
      states.append(tape.reshaped(state, to: [batch, 1, size]))
    }
    let all = states.count == 1 ? states[0] : tape.concatenated(states, axis: 1)
    return Run(states: all, state: state, memory: memory)
  }

  /// States of all directions as the operator gives them.
  func joined(states: [Variable<Number>]) throws(ModelProblem) -> GraphValue<Number> {
    var parts: [GraphValue<Number>] = []
    for one in states {
      let ordered = isBatchFirst ? one : call.tape.transposed(one, [1, 0, 2])
      let (a, b) = isBatchFirst ? (batch, time) : (time, batch)
      let shape = isBatchFirst ? [a, b, 1, size] : [a, 1, b, size]
      parts.append(try call.reshaped(.variable(ordered), shape))
    }
    return try call.concatenated(parts, axis: isBatchFirst ? 2 : 1)
  }

  /// Last states of all directions as the operator gives them.
  func joined(_ last: [Variable<Number>]) throws(ModelProblem) -> GraphValue<Number> {
    var parts: [GraphValue<Number>] = []
    for one in last {
      let shape = isBatchFirst ? [batch, 1, size] : [1, batch, size]
      parts.append(try call.reshaped(.variable(one), shape))
    }
    return try call.concatenated(parts, axis: isBatchFirst ? 1 : 0)
  }
}

/// One step of a recurrent layer, made of operations; gates in ONNX's order.
private struct RecurrentStep<Number: Scalar> {
  let tape: Tape<Number>
  let size: Int
  /// `[batch, gates · size]`, with the input's bias.
  let input: Variable<Number>
  let weight: Variable<Number>
  let bias: Variable<Number>?

  private func gate(_ x: Variable<Number>, _ i: Int, _ count: Int = 1) -> Variable<Number> {
    tape.slice(x, axis: 1, i * size..<(i + count) * size)
  }

  /// W h + b, for some of the gates.
  private func product(
    _ state: Variable<Number>, _ first: Int, _ count: Int
  ) -> Variable<Number> {
    let rows = first * size..<(first + count) * size
    let isAll = rows.count == weight.shape.dimensions[0]
    let w = isAll ? weight : tape.slice(weight, axis: 0, rows)
    let y = tape.matrixProduct(state, transposed: w)
    guard let bias else { return y }
    return tape.adding(bias: isAll ? bias : tape.slice(bias, axis: 0, rows), to: y)
  }

  /// h = f(x + W h₋ + b).
  func plain(_ state: Variable<Number>, _ activation: String) -> Variable<Number> {
    let sum = tape.sum(input, product(state, 0, 1))
    return activation == "Relu" ? tape.rectified(sum) : tape.tanh(sum)
  }

  /// n + z (h₋ − n).
  private func mixed(
    _ z: Variable<Number>, _ n: Variable<Number>, _ state: Variable<Number>
  ) -> Variable<Number> { tape.sum(n, tape.product(z, tape.difference(state, n))) }

  /// n = tanh(x + r (W h₋ + b)).
  func gatedAfterProduct(_ state: Variable<Number>) -> Variable<Number> {
    let sums = product(state, 0, 3)
    let z = tape.sigmoid(tape.sum(gate(input, 0), gate(sums, 0)))
    let r = tape.sigmoid(tape.sum(gate(input, 1), gate(sums, 1)))
    let n = tape.tanh(tape.sum(gate(input, 2), tape.product(r, gate(sums, 2))))
    return mixed(z, n, state)
  }

  /// n = tanh(x + W (r h₋) + b).
  func gatedBeforeProduct(_ state: Variable<Number>) -> Variable<Number> {
    let sums = product(state, 0, 2)
    let z = tape.sigmoid(tape.sum(gate(input, 0), gate(sums, 0)))
    let r = tape.sigmoid(tape.sum(gate(input, 1), gate(sums, 1)))
    let n = tape.tanh(tape.sum(gate(input, 2), product(tape.product(r, state), 2, 1)))
    return mixed(z, n, state)
  }

  /// c = f c₋ + i g, h = o tanh c.
  func long(
    _ state: Variable<Number>, _ memory: Variable<Number>
  ) -> (Variable<Number>, Variable<Number>) {
    let sums = tape.sum(input, product(state, 0, 4))
    let (i, o) = (tape.sigmoid(gate(sums, 0)), tape.sigmoid(gate(sums, 1)))
    let (f, g) = (tape.sigmoid(gate(sums, 2)), tape.tanh(gate(sums, 3)))
    let c = tape.sum(tape.product(f, memory), tape.product(i, g))
    return (tape.product(o, tape.tanh(c)), c)
  }
}
