// What a checkpoint needs besides `state`, and resuming from one.

extension Tuner {
  /// Whether the next window uses the columns of `state`; if not, a checkpoint omits them.
  public var columnsCount: Bool { settings.needsColumns(after: state.window) }

  /// The start of the current playout, if resuming needs its steps: reverse mode between two
  /// updates of `truncated-global`.
  public var playoutOrigin: TrainingOrigin<Number>? { isInPlayout ? source.origin : nil }

  /// Whether `state` is in the middle of a playout in reverse mode.
  public var goesOverPlayout: Bool { source.mode == .reverse && isInPlayout }

  /// Resumes from a `state` that was restored from a checkpoint.
  ///
  /// In the middle of a playout in reverse mode, `state.training` holds the playout's first state,
  /// and its steps up to the checkpoint are repeated.
  ///
  /// - Parameter step: the number of inner steps taken when the checkpoint was written.
  /// - Throws: errors of the problem.
  public func resume(at step: Int) throws {
    precondition(
      state.training.step <= step, "a state after step \(state.training.step), beyond \(step)")
    guard goesOverPlayout else { return }
    source.restart(
      state.training, carry: 0, steps: settings.longestStretch(from: state.training.step))
    let steps = step - state.training.step
    guard steps > 0 else { return }
    _ = try source.advance(
      &state.training, steps: steps, observed: 0, hyperparameters: state.hyperparameters)
  }

  private var isInPlayout: Bool {
    settings.method.rule.playoutStart(after: state.window, settings) != nil
  }
}
