import Tensors

/// The window with the lowest validation loss of a run, and its θ.
public struct BestWindow<Number: Scalar> {
  /// The window's number, from 1.
  public let window: Int
  /// The number of inner steps taken by its end; with `globalRestart`, within its own training.
  public let step: Int
  /// The validation loss after it.
  public let loss: Double
  /// The validation accuracy after it; nil if the problem has none.
  public let accuracy: Double?
  /// θ, `[p]`; overwritten by the next better window.
  public let parameters: Buffer<Number>
}

extension Tuner {
  /// Whether the last `patience` windows brought no better validation loss (early stopping).
  public var hasLostPatience: Bool {
    guard let patience = settings.patience, let best = state.best else { return false }
    return state.window - best.window >= patience
  }

  /// Copies θ if the window just completed is the best so far; each rank decides by itself from the
  /// same loss.
  func keepIfBest(_ validation: Evaluation) {
    guard validation.loss < state.best?.loss ?? .infinity else { return }
    keep(
      window: state.window, step: state.training.step, loss: validation.loss,
      accuracy: validation.accuracy)
    let parameters = state.training.primal
    if let start = parameters.baseAddress {
      bestParameters.pointer.update(from: start, count: parameters.count)
    }
  }

  /// Restores the best window from a checkpoint.
  ///
  /// - Parameters:
  ///   - window: its number, from 1.
  ///   - step: the number of inner steps at its end.
  ///   - loss: the validation loss there.
  ///   - accuracy: the accuracy there; nil if the problem has none.
  ///   - fill: writes its θ, on every rank.
  /// - Throws: errors of `fill`.
  public func restoreBest(
    window: Int, step: Int, loss: Double, accuracy: Double?,
    fill: (UnsafeMutableBufferPointer<Number>) throws -> Void
  ) rethrows {
    keep(window: window, step: step, loss: loss, accuracy: accuracy)
    try fill(bestParameters.elements)
  }

  private func keep(window: Int, step: Int, loss: Double, accuracy: Double?) {
    state.best = BestWindow(
      window: window, step: step, loss: loss, accuracy: accuracy, parameters: bestParameters)
  }
}
