import Tensors

/// The primal numbers of a training state, set aside to come back to.
///
/// The columns are not kept: a window that is left by the way back starts them anew.
final class TrainingSnapshot<Number: Scalar> {
  private let buffers: [Buffer<Number>]
  private var step = 0

  /// Room for a state like this one.
  init(like state: TrainingState<Number>) {
    buffers = state.jets.map { Buffer(count: $0.count) }
  }

  /// Remembers θ, the optimizer's numbers and the step.
  func capture(_ state: TrainingState<Number>) {
    for (buffer, jet) in zip(buffers, state.jets) {
      buffer.pointer.update(from: jet.storage.pointer, count: jet.count)
    }
    step = state.step
  }

  /// Brings them back; the columns stay as they are.
  func restore(_ state: inout TrainingState<Number>) {
    for (buffer, jet) in zip(buffers, state.jets) {
      jet.storage.pointer.update(from: buffer.pointer, count: jet.count)
    }
    state.step = step
  }
}
