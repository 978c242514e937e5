import Tensors

/// A saved copy of a training state.
final class TrainingSnapshot<Number: Scalar> {
  private let primals: [Buffer<Number>]
  private let columns: [Buffer<Number>]
  private var step = 0

  /// Allocates memory for a state of this shape.
  ///
  /// - Parameter keepsColumns: whether to save the columns too, needed if an abandoned window does
  ///   not reset them; doubles the memory of the columns.
  init(like state: TrainingState<Number>, keepsColumns: Bool = false) {
    primals = state.jets.map { Buffer(count: $0.count) }
    columns = keepsColumns ? state.jets.map { Buffer(count: $0.stride * $0.tangentCount) } : []
  }

  /// Saves θ, the optimizer's state and the step, and the columns if they are kept.
  func capture(_ state: TrainingState<Number>) {
    for (buffer, jet) in zip(primals, state.jets) {
      buffer.pointer.update(from: jet.storage.pointer, count: jet.count)
    }
    for (buffer, jet) in zip(columns, state.jets) {
      buffer.pointer.update(from: jet.storage.pointer + jet.stride, count: buffer.count)
    }
    step = state.step
  }

  /// Restores θ, the optimizer's state and the step; does not touch the columns.
  func restore(_ state: inout TrainingState<Number>) {
    for (buffer, jet) in zip(primals, state.jets) {
      jet.storage.pointer.update(from: buffer.pointer, count: jet.count)
    }
    state.step = step
  }

  /// Restores the columns, if they were saved.
  func restoreColumns(_ state: TrainingState<Number>) {
    for (buffer, jet) in zip(columns, state.jets) {
      (jet.storage.pointer + jet.stride).update(from: buffer.pointer, count: buffer.count)
    }
  }
}
