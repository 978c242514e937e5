import Tensors

/// The numbers that are kept of all steps, by step: in what `Recurrence` retains.
struct StepNumbers<Number: Scalar> {
  let states: RetainedValues<Number>
  let memories: RetainedValues<Number>
  let kept: RetainedValues<Number>

  var all: [RetainedValues<Number>] { [states, memories, kept] }

  /// The numbers of one step.
  func step(
    _ t: Int, _ g: RecurrentGeometry, input: UnsafePointer<Number>, stride: Int,
    sums: UnsafeMutablePointer<Number>, bias: UnsafePointer<Number>
  ) -> StepRows<Number> {
    // A cell without memory never reads these.
    let memories = memories.count > 0 ? memories.pointer : states.pointer
    return StepRows(
      input: input + t * (stride == 0 ? 0 : g.gates * g.size), inputStride: stride, sums: sums,
      bias: bias, previousState: states.pointer + t * g.stateCount,
      state: states.pointer + (t + 1) * g.stateCount,
      previousMemory: memories + t * g.stateCount, memory: memories + (t + 1) * g.stateCount,
      kept: kept.pointer + t * g.stateCount * g.kept)
  }
}

/// The parts of the scratch memory of one pass.
struct RecurrentScratch<Number: Scalar> {
  let sums: UnsafeMutablePointer<Number>
  let products: UnsafeMutablePointer<Number>
  let inputs: UnsafeMutablePointer<Number>
  let state: UnsafeMutablePointer<Number>
  let memory: UnsafeMutablePointer<Number>
  let rows: UnsafeMutablePointer<Number>
}
