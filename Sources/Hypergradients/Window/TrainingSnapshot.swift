import Tensors

/// A training state set aside to come back to.
final class TrainingSnapshot<Number: Scalar> {
  private let primals: [Buffer<Number>]
  private let columns: [Buffer<Number>]
  private var step = 0

  /// Room for a state like this one.
  ///
  /// - Parameter keepsColumns: whether to keep the columns too, where a window that is left does not
  ///   start them anew: as much memory again as they take.
  init(like state: TrainingState<Number>, keepsColumns: Bool = false) {
    primals = state.jets.map { Buffer(count: $0.count) }
    columns = keepsColumns ? state.jets.map { Buffer(count: $0.stride * $0.tangentCount) } : []
  }

  /// Remembers θ, the optimizer's numbers and the step, and the columns if they are kept.
  func capture(_ state: TrainingState<Number>) {
    for (buffer, jet) in zip(primals, state.jets) {
      buffer.pointer.update(from: jet.storage.pointer, count: jet.count)
    }
    for (buffer, jet) in zip(columns, state.jets) {
      buffer.pointer.update(from: jet.storage.pointer + jet.stride, count: buffer.count)
    }
    step = state.step
  }

  /// Brings θ, the optimizer's numbers and the step back; the columns stay as they are.
  func restore(_ state: inout TrainingState<Number>) {
    for (buffer, jet) in zip(primals, state.jets) {
      jet.storage.pointer.update(from: buffer.pointer, count: jet.count)
    }
    state.step = step
  }

  /// Brings the columns back, if they were kept.
  func restoreColumns(_ state: TrainingState<Number>) {
    for (buffer, jet) in zip(columns, state.jets) {
      (jet.storage.pointer + jet.stride).update(from: buffer.pointer, count: buffer.count)
    }
  }
}
