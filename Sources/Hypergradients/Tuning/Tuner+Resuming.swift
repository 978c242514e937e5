// What a checkpoint needs besides `state`, and how to go on from one.

extension Tuner {
  /// Whether the columns of `state` count in the next window; a checkpoint can do without others.
  public var columnsCount: Bool { settings.needsColumns(after: state.window) }

  /// Where a playout under way began, if its steps are needed to go on: reverse mode between two
  /// updates of `truncated-global`.
  public var playoutOrigin: TrainingOrigin<Number>? { isInPlayout ? source.origin : nil }

  /// Whether a `state` stands in the middle of a playout in reverse mode.
  public var goesOverPlayout: Bool { source.mode == .reverse && isInPlayout }

  /// Goes on from a `state` that was written from a checkpoint.
  ///
  /// In the middle of a playout in reverse mode, `state.training` holds the playout's first state, and
  /// its steps up to the checkpoint are taken once more.
  ///
  /// - Parameter step: the inner steps taken when the checkpoint was made.
  /// - Throws: what the problem throws.
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
