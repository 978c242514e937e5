import DynamicModes

extension Tuner {
  /// Gathers the columns, estimates the hypergradient and updates φ, on all ranks together.
  ///
  /// - Returns: why to retreat from the window; nil if it is kept.
  func conclude(_ attempt: inout WindowAttempt) throws -> Divergence? {
    let divergence = attempt.divergence ?? risen(attempt.record)
    if coordinator.anyRank(divergence != nil) {
      // A rank whose own numbers are finite learns of another's divergence here.
      return divergence
        ?? Divergence(
          step: attempt.record.steps.upperBound, quantity: .trainingLoss,
          loss: attempt.record.trainingLoss)
    }
    guard !attempt.record.observations.isEmpty, settings.method.rule.movesHyperparameters else {
      return nil
    }
    let start = clock.now
    let estimationBefore = attempt.record.seconds.estimation
    defer {
      let estimation = attempt.record.seconds.estimation - estimationBefore
      attempt.record.seconds.update += (clock.now - start).inSeconds - estimation
    }
    let (rows, count) = (attempt.record.observations.count, numberCount)
    let trajectory =
      source.mode.givesRows
      ? coordinator.gatherRows(attempt.hypergradients, rows: rows, count: count)
      : coordinator.gather(attempt.hypergradients, rows: rows, count: count)
    let map =
      source.mode.givesRows
      ? nil : try training.problem.lossColumnMap(hyperparameters: state.hyperparameters.loss)
    var proposal = Proposal(keeping: state.hyperparameters, state.outer)
    if let trajectory {
      attempt.record.hypergradients = trajectory
      decide(&proposal, &attempt.record, map)
    }
    var message = proposal.message
    coordinator.broadcast(&message)
    proposal.message = message
    if let divergence = proposal.divergence(of: attempt.record) { return divergence }
    state.hyperparameters = proposal.hyperparameters
    state.outer = proposal.outer
    return nil
  }

  /// The number of entries in a hypergradient as the source returns it.
  private var numberCount: Int {
    source.mode.givesRows ? state.hyperparameters.count : training.columnCount
  }

  /// The divergence, if the validation loss shows that training has blown up.
  private func risen(_ record: WindowRecord) -> Divergence? {
    guard let limit = highestLoss,
      settings.divergence.policy == .stop || state.retreats < settings.divergence.retreats,
      record.validation.loss > limit
    else { return nil }
    return Divergence(
      step: record.steps.upperBound, quantity: .risenLoss, loss: record.validation.loss)
  }

  /// The root's part: the estimate and the outer step, unless numbers are not finite.
  private func decide(
    _ proposal: inout Proposal, _ record: inout WindowRecord, _ map: LossColumnMap?
  ) {
    let trajectory = record.hypergradients
    if let bad = trajectory.firstIndex(where: { !$0.isFinite }) {
      proposal.verdict = .hypergradient(row: bad / numberCount)
      return
    }
    let estimate = estimateLimit(trajectory, &record)
    record.estimate = estimate
    guard let answer = estimate.estimates[estimate.used] else {
      preconditionFailure("the estimation names \(estimate.used.rawValue) but has no such answer")
    }
    var raw = proposal.hyperparameters.raw
    let hypergradient = map?(answer, own: proposal.hyperparameters.tuned.count) ?? answer
    outer.update(&raw, along: hypergradient, &proposal.outer)
    if raw.allSatisfy(\.isFinite) {
      proposal.hyperparameters.raw = raw
      record.projected = proposal.hyperparameters.project()
    } else {
      proposal.verdict = .update
    }
  }

  private func estimateLimit(
    _ trajectory: [Double], _ record: inout WindowRecord
  ) -> LimitEstimate {
    guard settings.method.rule.estimatesLimit else {
      return LimitEstimate(estimates: [.last: trajectory], used: .last)
    }
    let start = clock.now
    defer { record.seconds.estimation += (clock.now - start).inSeconds }
    return estimation.limit(
      of: trajectory, steps: record.observations.count, count: numberCount,
      requested: settings.estimator, horizon: settings.steps - record.steps.upperBound)
  }
}

/// The root's decision, as broadcast to the other ranks.
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

  func divergence(of record: WindowRecord) -> Divergence? {
    switch verdict {
    case .accepted: nil
    case .hypergradient(let row):
      Divergence(
        step: record.observations[row].step, quantity: .hypergradient,
        loss: record.observations[row].evaluation.loss)
    case .update:
      Divergence(
        step: record.steps.upperBound, quantity: .update, loss: record.validation.loss)
    }
  }
}
