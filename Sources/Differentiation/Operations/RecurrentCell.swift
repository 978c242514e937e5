import Tensors

/// The elementwise part of a recurrent step, between its products: a GRU or an LSTM.
///
/// Loops with one array written and few read each: those vectorise.
protocol RecurrentCell {
  /// How many sums.
  static var gates: Int { get }
  /// How many numbers are kept for each of a state.
  static var kept: Int { get }
  /// Whether there is a memory beside the state.
  static var hasMemory: Bool { get }

  static func value<Number: Scalar>(_ s: StepRows<Number>, _ g: RecurrentGeometry)
  static func tangent<Number: Scalar>(
    _ s: StepRows<Number>, _ d: StepRows<Number>, _ g: RecurrentGeometry)
  static func pullback<Number: Scalar>(
    _ s: StepRows<Number>, _ u: StepCotangents<Number>, _ g: RecurrentGeometry)
  static func pullbackTangent<Number: Scalar>(
    _ s: StepRows<Number>, _ d: StepRows<Number>, _ u: StepCotangents<Number>,
    _ v: StepCotangents<Number>, _ rows: UnsafeMutablePointer<Number>, _ g: RecurrentGeometry)
}

/// The numbers of one step, or their tangents.
struct StepRows<Number: Scalar> {
  /// What the input contributes to the sums, with `inputStride` from one sequence to the next.
  let input: UnsafePointer<Number>
  let inputStride: Int
  /// W h_{t−1}, `[batch, gates · size]`.
  let sums: UnsafeMutablePointer<Number>
  let bias: UnsafePointer<Number>
  /// h_{t−1}, `[batch, size]`.
  let previousState: UnsafeMutablePointer<Number>
  /// h_t.
  let state: UnsafeMutablePointer<Number>
  /// The memory before the step.
  let previousMemory: UnsafeMutablePointer<Number>
  let memory: UnsafeMutablePointer<Number>
  /// What the cell keeps, `[batch, kept · size]`.
  let kept: UnsafeMutablePointer<Number>
}

/// The cotangents of one step, or their tangents.
struct StepCotangents<Number: Scalar> {
  /// h̄_t, `[batch, size]`.
  let state: UnsafeMutablePointer<Number>
  /// Where the memory's cotangent is to be kept; nil where nobody reads it again.
  let memory: UnsafeMutablePointer<Number>?
  /// To be written: of the sums W h + b, and of the input.
  let sums: UnsafeMutablePointer<Number>
  let inputs: UnsafeMutablePointer<Number>
  /// To be written: what goes to the step before, but for what the sums bring.
  let runningState: UnsafeMutablePointer<Number>
  /// Read, then written.
  let runningMemory: UnsafeMutablePointer<Number>
}

/// The sizes of one step of a recurrence.
struct RecurrentGeometry {
  let batch: Int
  /// Numbers of a state.
  let size: Int
  /// Sums of `size` numbers each.
  let gates: Int
  /// How many times `size` numbers a cell keeps of every step.
  let kept: Int
  /// Numbers from the input of one sequence to that of the next.
  let inputStride: Int

  /// Numbers of all states of a step.
  var stateCount: Int { batch * size }
  /// Numbers of all sums of a step.
  var sumCount: Int { batch * gates * size }
}
