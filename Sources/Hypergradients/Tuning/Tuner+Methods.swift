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
    let remaining = settings.steps - state.training.step
    let length = min(settings.window, remaining)
    let carry = settings.carry.factor(window: settings.window, remaining: remaining)
    switch settings.method {
    case .none:
      return try train(length, observed: 0)
    case .local:
      source.restart(state.training, carry: carry, steps: length)
      return try train(length, observed: 1)
    case .glocal:
      source.restart(state.training, carry: carry, steps: length)
      return try train(length, observed: min(settings.observed, length))
    case .truncatedGlobal:
      // The windows between two updates are the playout itself: φ does not move in them.
      let place = state.window % settings.playoutWindows
      if place == 0 {
        source.restart(state.training, carry: carry, steps: longestStretch)
      }
      return try train(length, observed: place == settings.playoutWindows - 1 ? 1 : 0)
    case .global:
      source.restart(state.training, carry: 0, steps: remaining)
      return try trainAndPlayOut(length, remaining: remaining)
    case .globalRestart:
      state.training.restart(from: initialParameters)
      source.restart(state.training, carry: 0, steps: settings.steps)
      return try train(settings.steps, observed: 1)
    }
  }

  /// The most steps that may follow a restart from where training is.
  var longestStretch: Int {
    let remaining = settings.steps - state.training.step
    switch settings.method {
    case .none, .local, .glocal: return min(settings.window, remaining)
    case .truncatedGlobal: return min(settings.window * settings.playoutWindows, remaining)
    case .global: return remaining
    case .globalRestart: return settings.steps
    }
  }

  private func train(_ steps: Int, observed: Int) throws -> WindowAttempt {
    let stretch = try source.advance(
      &state.training, steps: steps, observed: observed, hyperparameters: state.hyperparameters)
    return try summarize(stretch)
  }

  /// One window of the real trajectory, then on to step T for h_T, and back to the window's end.
  ///
  /// The playout starts at the window's start, so its first steps are the window's own.
  private func trainAndPlayOut(_ steps: Int, remaining: Int) throws -> WindowAttempt {
    guard remaining > steps, let windowEnd else { return try train(steps, observed: 1) }
    var attempt = try train(steps, observed: 0)
    let diverged = coordinator.anyRank(attempt.divergence != nil)
    if diverged { return attempt }
    windowEnd.capture(state.training)
    let playout = try source.advance(
      &state.training, steps: remaining - steps, observed: 1,
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
      validation: Evaluation(loss: .nan, accuracy: .nan), observations: stretch.observations,
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
