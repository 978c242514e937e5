import Tensors

/// The window of a run after which the validation loss was lowest, with θ as it was then.
public struct BestWindow<Number: Scalar> {
  /// Its number, from 1.
  public let window: Int
  /// The inner steps taken by its end; with `globalRestart`, in its own training.
  public let step: Int
  /// The validation loss after it.
  public let loss: Double
  /// The validation accuracy after it, where there is one.
  public let accuracy: Double?
  /// θ, `[p]`; overwritten when a better window comes.
  public let parameters: Buffer<Number>
}

extension Tuner {
  /// Whether the last windows, as many as the patience is, were no better than one before them.
  public var hasLostPatience: Bool {
    guard let patience = settings.patience, let best = state.best else { return false }
    return state.window - best.window >= patience
  }

  /// Keeps θ where the window just completed is better than all before it; every rank for itself, from
  /// the same loss.
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

  /// Takes over the best window of a checkpoint.
  ///
  /// - Parameters:
  ///   - window: its number, from 1.
  ///   - step: the inner steps up to its end.
  ///   - loss: the validation loss there.
  ///   - accuracy: the accuracy there; nil where there is none.
  ///   - fill: writes its θ, on every rank.
  /// - Throws: what `fill` throws.
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
