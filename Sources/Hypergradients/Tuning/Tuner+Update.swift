import DynamicModes

/// What was made of a window.
struct WindowConclusion {
  /// `[observations, q]`; empty on all ranks but the root.
  var hypergradients: [Double] = []
  var estimate: LimitEstimate?
  /// The columns of φ that went back to a limit.
  var projected: [String] = []
}

/// A window that may be kept, or one to retreat from.
enum WindowVerdict {
  case completed(WindowConclusion)
  case diverged(Divergence)
}

extension Tuner {
  /// Brings the columns together, estimates the hypergradient and moves φ, on all ranks alike.
  func conclude(_ attempt: WindowAttempt, _ seconds: inout PhaseSeconds) -> WindowVerdict {
    let last = attempt.steps.upperBound
    let divergence = attempt.divergence ?? risen(attempt)
    if coordinator.anyRank(divergence != nil) {
      // A rank whose own numbers are finite learns of the divergence here.
      let elsewhere = Divergence(
        step: last, quantity: .trainingLoss, loss: attempt.trainingLoss)
      return .diverged(divergence ?? elsewhere)
    }
    guard !attempt.observations.isEmpty, settings.method.rule.movesHyperparameters else {
      return .completed(WindowConclusion())
    }
    let start = clock.now
    let estimationBefore = seconds.estimation
    defer {
      seconds.update +=
        (clock.now - start).inSeconds - (seconds.estimation - estimationBefore)
    }
    let (rows, count) = (attempt.observations.count, state.hyperparameters.count)
    let trajectory =
      source.mode == .reverse
      ? coordinator.gatherRows(attempt.hypergradients, rows: rows, count: count)
      : coordinator.gather(attempt.hypergradients, rows: rows, count: count)
    var conclusion = WindowConclusion()
    var proposal = Proposal(keeping: state.hyperparameters, state.outer)
    if let trajectory {
      conclusion.hypergradients = trajectory
      decide(&proposal, &conclusion, attempt, &seconds)
    }
    var message = proposal.message
    coordinator.broadcast(&message)
    proposal.message = message
    if let divergence = proposal.divergence(of: attempt) { return .diverged(divergence) }
    state.hyperparameters = proposal.hyperparameters
    state.outer = proposal.outer
    return .completed(conclusion)
  }

  /// A validation loss that says the training has blown up.
  private func risen(_ attempt: WindowAttempt) -> Divergence? {
    guard let limit = highestLoss,
      settings.divergence.policy == .stop || state.retreats < settings.divergence.retreats,
      attempt.validation.loss > limit
    else { return nil }
    return Divergence(
      step: attempt.steps.upperBound, quantity: .risenLoss, loss: attempt.validation.loss)
  }

  /// The root's part: the estimate and the outer step, unless numbers are not finite.
  private func decide(
    _ proposal: inout Proposal, _ conclusion: inout WindowConclusion, _ attempt: WindowAttempt,
    _ seconds: inout PhaseSeconds
  ) {
    let q = state.hyperparameters.count
    let trajectory = conclusion.hypergradients
    if let bad = trajectory.firstIndex(where: { !$0.isFinite }) {
      proposal.verdict = .hypergradient(row: bad / q)
      return
    }
    let estimate = estimateLimit(trajectory, attempt, &seconds)
    conclusion.estimate = estimate
    guard let answer = estimate.estimates[estimate.used] else {
      preconditionFailure("the estimation names \(estimate.used.rawValue) but has no such answer")
    }
    var raw = proposal.hyperparameters.raw
    outer.update(&raw, along: answer, &proposal.outer)
    if raw.allSatisfy(\.isFinite) {
      proposal.hyperparameters.raw = raw
      conclusion.projected = proposal.hyperparameters.project()
    } else {
      proposal.verdict = .update
    }
  }

  private func estimateLimit(
    _ trajectory: [Double], _ attempt: WindowAttempt, _ seconds: inout PhaseSeconds
  ) -> LimitEstimate {
    guard settings.method.rule.estimatesLimit else {
      return LimitEstimate(estimates: [.last: trajectory], used: .last)
    }
    let start = clock.now
    defer { seconds.estimation += (clock.now - start).inSeconds }
    return estimation.limit(
      of: trajectory, steps: attempt.observations.count, count: state.hyperparameters.count,
      requested: settings.estimator, horizon: settings.steps - attempt.steps.upperBound)
  }
}

/// What the root has decided, as it travels to the other ranks.
private struct Proposal {
  enum Verdict: Equatable {
    case accepted
    case hypergradient(row: Int)
    case update
  }

  var verdict = Verdict.accepted
  var hyperparameters: Hyperparameters
  var outer: OuterState

  init(keeping hyperparameters: Hyperparameters, _ outer: OuterState) {
    self.hyperparameters = hyperparameters
    self.outer = outer
  }

  /// Verdict, row, outer step, then φ and the fixed values, then both moments.
  var message: [Double] {
    get {
      let head: [Double] =
        switch verdict {
        case .accepted: [0, 0]
        case .hypergradient(let row): [1, Double(row)]
        case .update: [2, 0]
        }
      return head + [Double(outer.step)] + hyperparameters.numbers + outer.first + outer.second
    }
    set {
      verdict =
        switch newValue[0] {
        case 0: .accepted
        case 1: .hypergradient(row: Int(newValue[1]))
        default: .update
        }
      outer.step = Int(newValue[2])
      let (numbers, moments) = (hyperparameters.numbers.count, outer.first.count)
      hyperparameters.numbers = Array(newValue[3..<3 + numbers])
      outer.first = Array(newValue[3 + numbers..<3 + numbers + moments])
      outer.second = Array(newValue[(3 + numbers + moments)...])
    }
  }

  func divergence(of attempt: WindowAttempt) -> Divergence? {
    switch verdict {
    case .accepted: nil
    case .hypergradient(let row):
      Divergence(
        step: attempt.observations[row].step, quantity: .hypergradient,
        loss: attempt.observations[row].evaluation.loss)
    case .update:
      Divergence(
        step: attempt.steps.upperBound, quantity: .update, loss: attempt.validation.loss)
    }
  }
}
