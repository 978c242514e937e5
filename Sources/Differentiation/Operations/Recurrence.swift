import Tensors

/// h_t = cell(x_t, W h_{t−1} + b, …) over the steps of sequences, from h = 0: the recurrent part of a
/// GRU or an LSTM as one operation.
///
/// What the input contributes is a product over all steps at once, recorded before it. Of what is left,
/// only the products along the chain go step by step: one in the value and the tangent, one in each
/// pullback; the gradient of W is one product over all steps. The numbers between steps are kept by
/// step, `[time, batch, …]`. Operands are read in full precision whatever the tape's ``Tape/compute``
/// says.
///
/// `tangent` keeps the tangents of what `value` keeps, and `pullback` its cotangents, so that
/// `pullbackTangent` is the product rule on the lines of `pullback`.
final class Recurrence<Number: Scalar>: Operation {
  let input: Operand<Number>
  let weight: Operand<Number>
  let bias: Operand<Number>?
  let result: Variable<Number>
  private let cell: any RecurrentCell.Type
  private let geometry: RecurrentGeometry
  private let time: Int
  private unowned let tape: Tape<Number>
  private let zeros: Buffer<Number>
  /// h from the step before the first on, `[time + 1, batch, size]`, the cell's memory likewise, and
  /// what else the cell keeps.
  private let primal: StepNumbers<Number>
  private let tangents: StepNumbers<Number>
  /// Cotangents of h, of the memory and of the sums W h + b.
  private let stateCotangents: RetainedValues<Number>
  private let memoryCotangents: RetainedValues<Number>
  private let sumCotangents: RetainedValues<Number>

  init(
    on tape: Tape<Number>, input: Variable<Number>, weight: Variable<Number>,
    bias: Variable<Number>?, cell: any RecurrentCell.Type, batch: Int, time: Int, size: Int
  ) {
    self.tape = tape
    self.input = Operand(input)
    self.weight = Operand(weight)
    self.bias = bias.map { Operand($0) }
    self.cell = cell
    self.time = time
    geometry = RecurrentGeometry(
      batch: batch, size: size, gates: cell.gates, kept: cell.kept,
      inputStride: time * cell.gates * size)
    let states = batch * size
    func numbers() -> StepNumbers<Number> {
      StepNumbers(
        states: RetainedValues(count: (time + 1) * states),
        memories: RetainedValues(count: cell.hasMemory ? (time + 1) * states : 0),
        kept: RetainedValues(count: time * states * cell.kept))
    }
    (primal, tangents) = (numbers(), numbers())
    stateCotangents = RetainedValues(count: time * states)
    memoryCotangents = RetainedValues(count: cell.hasMemory ? time * states : 0)
    sumCotangents = RetainedValues(count: time * states * cell.gates)
    zeros = Buffer(count: cell.gates * size)
    result = tape.result(
      .tensor([batch, time, size]),
      of: [self.input, self.weight] + (self.bias.map { [$0] } ?? []))
    // The sums of all steps, products of all steps, the input's part of one, three states, four rows.
    tape.reserveScratch(
      count: time * states * (cell.gates + 1) + states * (cell.gates + 3) + 4 * size)
  }

  var operands: [Operand<Number>] { [input, weight] + (bias.map { [$0] } ?? []) }

  var retained: [RetainedValues<Number>] {
    switch tape.passes {
    case .values: primal.all
    case .gradients: primal.all + [stateCotangents, memoryCotangents, sumCotangents]
    case .tangents:
      primal.all + tangents.all + [stateCotangents, memoryCotangents, sumCotangents]
    }
  }

  var needs: PrimalNeeds<Number> {
    let w = weight.variable
    return PrimalNeeds(
      pullback: [w], tangent: [w], pullbackTangent: [w], tangentsInPullback: [w])
  }

  var work: OperationWork {
    OperationWork(
      kind: .product, productOperations: 2 * time * geometry.sumCount * geometry.size,
      hasInputGradient: true)
  }

  private var scratch: RecurrentScratch<Number> {
    let states = geometry.stateCount
    let products = tape.scratch + time * geometry.sumCount
    let inputs = products + time * states
    let rows = inputs + geometry.sumCount
    return RecurrentScratch(
      sums: tape.scratch, products: products, inputs: inputs, state: rows, memory: rows + states,
      rows: rows + 2 * states)
  }

  func value() {
    let (w, sums) = (weight.variable.value, scratch.sums)
    clearStart(of: primal)
    let bias = UnsafePointer(bias?.variable.value ?? zeros.pointer)
    for t in 0..<time {
      multiply(primal.states.pointer + t * geometry.stateCount, w, into: sums, accumulate: false)
      let step = primal.step(
        t, geometry, input: input.variable.value, stride: geometry.inputStride, sums: sums,
        bias: bias)
      cell.value(step, geometry)
      copy(step.state, t, into: result.value)
    }
  }

  func tangent() {
    let (w, sums) = (weight.variable, scratch.sums)
    clearStart(of: tangents)
    let count = time * geometry.batch
    if w.isActive {
      Number.matrixProduct(
        MatrixOperand(primal.states.pointer, stride: geometry.size),
        MatrixOperand(w.tangent, stride: geometry.size, transposed: true), into: sums,
        rows: count, columns: geometry.gates * geometry.size, inner: geometry.size,
        accumulate: false)
    } else {
      Elementwise.fill(sums, count: time * geometry.sumCount, with: 0)
    }
    for t in 0..<time {
      let stepSums = sums + t * geometry.sumCount
      multiply(
        tangents.states.pointer + t * geometry.stateCount, w.value, into: stepSums,
        accumulate: true)
      let step = tangentStep(t, sums: stepSums)
      cell.tangent(primalStep(t), step, geometry)
      copy(step.state, t, into: result.tangent)
    }
  }

  func pullback() {
    let (w, scratch) = (weight.variable, scratch)
    clearRunning(scratch)
    for t in (0..<time).reversed() {
      let cotangents = cotangents(t, scratch)
      arrive(result.cotangent, t, scratch.state, into: cotangents.state)
      cell.pullback(primalStep(t), cotangents, geometry)
      deliver(cotangents.inputs, t, \.cotangentStorage)
      pull(cotangents.sums, w.value, into: scratch.state)
    }
    if w.isActive {
      weightGradient(
        sumCotangents.pointer, primal.states.pointer, into: w.cotangent,
        accumulate: weight.accumulates)
    }
    sumBias(sumCotangents.pointer, \.cotangentStorage)
  }

  func pullbackTangent() {
    let (w, scratch) = (weight.variable, scratch)
    clearRunning(scratch)
    if w.isActive {
      Number.matrixProduct(
        MatrixOperand(sumCotangents.pointer, stride: geometry.gates * geometry.size),
        MatrixOperand(w.tangent, stride: geometry.size), into: scratch.products,
        rows: time * geometry.batch, columns: geometry.size,
        inner: geometry.gates * geometry.size, accumulate: false)
    }
    for t in (0..<time).reversed() {
      let cotangents = cotangents(t, scratch)
      let sums = scratch.sums + t * geometry.sumCount
      let state = scratch.rows + 4 * geometry.size
      let moving = StepCotangents(
        state: state, memory: nil, sums: sums, inputs: scratch.inputs,
        runningState: scratch.state, runningMemory: scratch.memory)
      arrive(result.cotangentTangent, t, scratch.state, into: state)
      cell.pullbackTangent(
        primalStep(t), tangentStep(t, sums: sums), cotangents, moving, scratch.rows, geometry)
      deliver(moving.inputs, t, \.cotangentTangentStorage)
      if w.isActive {
        Elementwise.add(
          scratch.products + t * geometry.stateCount, to: scratch.state,
          count: geometry.stateCount)
      }
      pull(sums, w.value, into: scratch.state)
    }
    if w.isActive {
      weightGradient(
        scratch.sums, primal.states.pointer, into: w.cotangentTangent,
        accumulate: weight.accumulates)
      weightGradient(
        sumCotangents.pointer, tangents.states.pointer, into: w.cotangentTangent,
        accumulate: true)
    }
    sumBias(scratch.sums, \.cotangentTangentStorage)
  }

  private func primalStep(_ t: Int) -> StepRows<Number> {
    primal.step(
      t, geometry, input: UnsafePointer(zeros.pointer), stride: 0, sums: tape.scratch,
      bias: UnsafePointer(zeros.pointer))
  }

  private func tangentStep(
    _ t: Int, sums: UnsafeMutablePointer<Number>
  ) -> StepRows<Number> {
    let (x, zero) = (input.variable, UnsafePointer(zeros.pointer))
    let biasTangent = bias.flatMap {
      $0.variable.isActive ? UnsafePointer($0.variable.tangent) : nil
    }
    return tangents.step(
      t, geometry, input: x.isActive ? UnsafePointer(x.tangent) : zero,
      stride: x.isActive ? geometry.inputStride : 0, sums: sums, bias: biasTangent ?? zero)
  }

  private func cotangents(
    _ t: Int, _ scratch: RecurrentScratch<Number>
  ) -> StepCotangents<Number> {
    StepCotangents(
      state: stateCotangents.pointer + t * geometry.stateCount,
      memory: cell.hasMemory ? memoryCotangents.pointer + t * geometry.stateCount : nil,
      sums: sumCotangents.pointer + t * geometry.sumCount, inputs: scratch.inputs,
      runningState: scratch.state, runningMemory: scratch.memory)
  }

  private func clearStart(of numbers: StepNumbers<Number>) {
    Elementwise.fill(numbers.states.pointer, count: geometry.stateCount, with: 0)
    if cell.hasMemory {
      Elementwise.fill(numbers.memories.pointer, count: geometry.stateCount, with: 0)
    }
  }

  private func clearRunning(_ scratch: RecurrentScratch<Number>) {
    Elementwise.fill(scratch.state, count: geometry.stateCount, with: 0)
    Elementwise.fill(scratch.memory, count: geometry.stateCount, with: 0)
  }

  /// sums ← (or ← sums +, when `accumulate`) h Wᵀ for one step.
  private func multiply(
    _ state: UnsafePointer<Number>, _ w: UnsafePointer<Number>,
    into sums: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    Number.matrixProduct(
      MatrixOperand(state, stride: geometry.size),
      MatrixOperand(w, stride: geometry.size, transposed: true), into: sums,
      rows: geometry.batch, columns: geometry.gates * geometry.size, inner: geometry.size,
      accumulate: accumulate)
  }

  /// h̄ ← h̄ + s̄ W for one step.
  private func pull(
    _ sums: UnsafePointer<Number>, _ w: UnsafePointer<Number>,
    into state: UnsafeMutablePointer<Number>
  ) {
    Number.matrixProduct(
      MatrixOperand(sums, stride: geometry.gates * geometry.size),
      MatrixOperand(w, stride: geometry.size), into: state, rows: geometry.batch,
      columns: geometry.size, inner: geometry.gates * geometry.size, accumulate: true)
  }

  /// W̄ ← (or ← W̄ +, when `accumulate`) Σ_t s̄_tᵀ h_{t−1}.
  private func weightGradient(
    _ sums: UnsafePointer<Number>, _ states: UnsafePointer<Number>,
    into w: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    Number.matrixProduct(
      MatrixOperand(sums, stride: geometry.gates * geometry.size, transposed: true),
      MatrixOperand(states, stride: geometry.size), into: w,
      rows: geometry.gates * geometry.size, columns: geometry.size,
      inner: time * geometry.batch, accumulate: accumulate)
  }

  private func sumBias(
    _ sums: UnsafePointer<Number>, _ place: KeyPath<Variable<Number>, Placement<Number>>
  ) {
    guard let bias, bias.variable.isActive else { return }
    RowSums.sumRows(
      sums, into: bias.variable[keyPath: place].pointer, rows: time * geometry.batch,
      columns: geometry.gates * geometry.size, accumulate: bias.accumulates)
  }

  /// The states of a step to their places in `[batch, time, size]`.
  private func copy(
    _ state: UnsafePointer<Number>, _ t: Int, into y: UnsafeMutablePointer<Number>
  ) {
    let size = geometry.size
    for b in 0..<geometry.batch {
      (y + (b * time + t) * size).update(from: state + b * size, count: size)
    }
  }

  /// h̄ of a step: what the result's cotangent says, and what comes from the step after it.
  private func arrive(
    _ y: UnsafePointer<Number>, _ t: Int, _ running: UnsafePointer<Number>,
    into state: UnsafeMutablePointer<Number>
  ) {
    let size = geometry.size
    for b in 0..<geometry.batch {
      Elementwise.sum(
        y + (b * time + t) * size, running + b * size, into: state + b * size, count: size)
    }
  }

  private func deliver(
    _ inputs: UnsafePointer<Number>, _ t: Int,
    _ place: KeyPath<Variable<Number>, Placement<Number>>
  ) {
    guard input.variable.isActive else { return }
    let (x, count) = (input.variable[keyPath: place].pointer, geometry.gates * geometry.size)
    for b in 0..<geometry.batch {
      Elementwise.deliver(
        inputs + b * count, to: x + (b * time + t) * count, count: count,
        accumulate: input.accumulates)
    }
  }
}

extension Tape {
  /// A recurrent layer with the input's product before it.
  func recurrence(
    _ input: Variable<Number>, _ inputWeight: Variable<Number>, _ stateWeight: Variable<Number>,
    _ inputBias: Variable<Number>?, _ stateBias: Variable<Number>?, _ cell: any RecurrentCell.Type,
    _ name: String
  ) -> Variable<Number> {
    guard case .tensor(let dimensions) = input.shape, dimensions.count == 3, input.count > 0,
      let (rows, features) = inputWeight.shape.matrixSize, features == dimensions[2],
      let (sums, size) = stateWeight.shape.matrixSize, size > 0, sums == rows,
      sums == cell.gates * size,
      [inputBias, stateBias].allSatisfy({ $0.map { $0.shape == .vector(sums) } ?? true })
    else {
      preconditionFailure(
        "a \(name) over \(input.shape), which takes [batch, time, features], got weights "
          + "\(inputWeight.shape) and \(stateWeight.shape) and biases "
          + "\(String(describing: inputBias?.shape)) and \(String(describing: stateBias?.shape))")
    }
    let (batch, time) = (dimensions[0], dimensions[1])
    var x = matrixProduct(
      reshaped(input, to: [batch * time, features]), transposed: inputWeight)
    if let inputBias { x = adding(bias: inputBias, to: x) }
    return record(
      Recurrence(
        on: self, input: x, weight: stateWeight, bias: stateBias, cell: cell, batch: batch,
        time: time, size: size))
  }
}
