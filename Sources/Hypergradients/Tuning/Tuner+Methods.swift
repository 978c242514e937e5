/// A window that has been trained, before anything is made of it.
struct WindowAttempt {
  var steps: ClosedRange<Int>
  var trainingLoss: Double
  var validation: Evaluation
  var observations: [Stretch.Observation]
  /// This rank's columns of h, `[observations, columns]`, or its rows, `[rows, q]`.
  var hypergradients: [Double]
  var divergence: Divergence?
  var trainingSeconds: Double
  var validationSeconds: Double
}

extension Tuner {
  /// Trains one window by the method's rule; φ stays where it is.
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

  /// One window of the real trajectory, then on with the playout, and back to the window's end.
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
    attempt.observations = playout.observations
    attempt.hypergradients = playout.hypergradients
    attempt.divergence = playout.divergence
    attempt.trainingSeconds += playout.trainingSeconds
    attempt.validationSeconds += playout.validationSeconds
    return attempt
  }

  private func summarize(_ stretch: Stretch) throws -> WindowAttempt {
    let last = max(stretch.firstStep, state.training.step)
    var attempt = WindowAttempt(
      steps: stretch.firstStep...last, trainingLoss: stretch.meanLoss,
      validation: Evaluation(loss: .nan), observations: stretch.observations,
      hypergradients: stretch.hypergradients, divergence: stretch.divergence,
      trainingSeconds: stretch.trainingSeconds, validationSeconds: stretch.validationSeconds)
    if let observation = stretch.observations.last {
      attempt.validation = observation.evaluation
    } else if !coordinator.anyRank(attempt.divergence != nil) {
      let start = clock.now
      attempt.validation = try problem.evaluate(.validation, parameters: state.training.primal)
      attempt.validationSeconds += (clock.now - start).inSeconds
      if !attempt.validation.loss.isFinite {
        attempt.divergence = Divergence(
          step: last, quantity: .validationLoss, loss: attempt.validation.loss)
      }
    }
    return attempt
  }
}
