/// A trained window, before the hypergradient is estimated.
struct WindowAttempt {
  /// The record so far: without other ranks' parts of h, the estimate and the update.
  var record: WindowRecord
  /// This rank's columns of h, `[observations, columns]`, or its rows, `[rows, q]`.
  var hypergradients: [Double]
  var divergence: Divergence?
}

extension Tuner {
  /// Trains one window according to the method's rule; φ does not change.
  func attemptWindow() throws -> WindowAttempt {
    let rule = settings.method.rule
    if rule.startsAnew { state.training.restart(from: initialParameters) }
    let plan = rule.plan(
      after: state.window, remaining: settings.steps - state.training.step, settings)
    if let carry = plan.carry {
      source.restart(
        state.training, carry: carry, steps: settings.longestStretch(from: state.training.step))
    }
    guard plan.playout > 0 else { return try train(plan.steps, observed: plan.observed) }
    return try trainAndPlayOut(plan)
  }

  private func train(_ steps: Int, observed: Int) throws -> WindowAttempt {
    let stretch = try source.advance(
      &state.training, steps: steps, observed: observed, hyperparameters: state.hyperparameters)
    return try summarize(stretch)
  }

  /// Trains one window of the real trajectory, continues through the playout, and returns to the
  /// window's end.
  ///
  /// The playout starts at the window's start, so its first steps are the window's own.
  private func trainAndPlayOut(_ plan: WindowPlan) throws -> WindowAttempt {
    var attempt = try train(plan.steps, observed: 0)
    let diverged = coordinator.anyRank(attempt.divergence != nil)
    if diverged { return attempt }
    windowEnd.capture(state.training)
    let playout = try source.advance(
      &state.training, steps: plan.playout, observed: plan.observed,
      hyperparameters: state.hyperparameters)
    windowEnd.restore(&state.training)
    attempt.record.observations = playout.observations
    attempt.record.seconds += playout.seconds
    attempt.hypergradients = playout.hypergradients
    attempt.divergence = playout.divergence
    return attempt
  }

  private func summarize(_ stretch: Stretch) throws -> WindowAttempt {
    let last = max(stretch.firstStep, state.training.step)
    var record = WindowRecord(
      window: state.window + 1, steps: stretch.firstStep...last, trainingLoss: stretch.meanLoss,
      validation: Evaluation(loss: .nan), before: state.hyperparameters,
      schedule: training.schedule, after: state.hyperparameters,
      observations: stretch.observations, seconds: stretch.seconds)
    var divergence = stretch.divergence
    if let observation = stretch.observations.last {
      record.validation = observation.evaluation
    } else if !coordinator.anyRank(divergence != nil) {
      let start = clock.now
      record.validation = try training.problem.evaluate(
        .validation, parameters: state.training.primal)
      record.seconds.validation += (clock.now - start).inSeconds
      if !record.validation.loss.isFinite {
        divergence = Divergence(
          step: last, quantity: .validationLoss, loss: record.validation.loss)
      }
    }
    return WindowAttempt(
      record: record, hypergradients: stretch.hypergradients, divergence: divergence)
  }
}
