import Hypergradients
import Testing

/// Several ranks against one: the same bits, the same decisions, and nobody left waiting.
struct RankTests {
  /// What a rank ends with.
  struct Ending: Equatable, Sendable {
    var parameters: [Double]
    var hyperparameters: Hyperparameters
    var outer: OuterState
    var records: [WindowRecord]
  }

  @Test(arguments: [Method.none, .local, .glocal, .global, .truncatedGlobal], [2, 3, 5, 9])
  func anyNumberOfRanksGivesTheSameBits(method: Method, ranks: Int) throws {
    try check(
      TuningSettings(
        method: method, steps: 20, window: 5, observed: 3,
        carry: method == .glocal || method == .local ? 0.5 : 0, estimator: .tailMean,
        playoutWindows: 2), ranks: ranks)
  }

  /// With five and nine ranks some have no way back to go.
  @Test(arguments: [Method.local, .glocal, .global, .truncatedGlobal], [2, 3, 5, 9])
  func anyNumberOfRanksGivesTheSameBitsInReverse(method: Method, ranks: Int) throws {
    try check(
      TuningSettings(
        method: method, steps: 20, window: 5, observed: 3, estimator: .tailMean,
        playoutWindows: 2, mode: .reverse), ranks: ranks)
  }

  private func check(_ settings: TuningSettings, ranks: Int) throws {
    let single = try ending(settings, SingleRank())
    let all = try onRanks(ranks) { try ending(settings, $0) }.map { try $0.get() }
    #expect(all.count == ranks)
    for (rank, other) in all.enumerated() {
      #expect(other.parameters == single.parameters)
      #expect(other.hyperparameters == single.hyperparameters)
      #expect(other.outer == single.outer)
      #expect(other.records.count == 4)
      for (record, expected) in zip(other.records, single.records) {
        #expect(record.validation == expected.validation)
        #expect(record.hypergradients == (rank == 0 ? expected.hypergradients : []))
        #expect(record.estimate == (rank == 0 ? expected.estimate : nil))
      }
    }
  }

  /// Seven columns; with nine ranks two own none.
  private func ending(
    _ settings: TuningSettings, _ coordinator: any Coordinator
  ) throws -> Ending {
    let tuner = try run(settings, kind: .adam, groups: 3, coordinator: coordinator)
    #expect(tuner.state.hyperparameters.count == 7)
    let records = try tuner.finish()
    return Ending(
      parameters: Array(tuner.state.training.primal), hyperparameters: tuner.state.hyperparameters,
      outer: tuner.state.outer, records: records)
  }

  /// Sums in another order may overflow on one rank and not on another.
  @Test(arguments: [3, 8, 12], [Method.local, .none, .global, .glocal])
  func aDivergenceOnOneRankLeadsAllBack(step: Int, method: Method) throws {
    let results = onRanks(3) { rank -> [WindowRecord] in
      let problem = QuadraticProblem<Double>(parameterCount: 2)
      if rank.rank == 1 {
        var failures = 0
        problem.spoil = { now in
          guard now == step, failures == 0 else { return 1 }
          failures += 1
          return .nan
        }
      }
      let tuner = Tuner(
        problem: problem, initialParameters: [3, 4], inner: MomentumDescent(),
        hyperparameters: try hyperparameters(.sgd, tuned: [.learningRate, .momentum]),
        outer: .adam(learningRate: 0.1),
        settings: TuningSettings(
          method: method, steps: 20, window: 10, observed: 3, estimator: .tailMean),
        estimation: TailEstimation(tail: 2), coordinator: rank)
      return try tuner.finish()
    }
    let records = try results.map { try $0.get() }
    #expect(records.count == 3)
    for other in records {
      #expect(other.map(\.retreats.count).reduce(0, +) == 1)
      #expect(other.map(\.after) == records[0].map(\.after))
      #expect(other.map(\.validation) == records[0].map(\.validation))
    }
  }

  @Test func givingUpIsTheSameErrorOnAllRanks() {
    let results = onRanks(4) { rank in
      let problem = QuadraticProblem<Double>(parameterCount: 2)
      problem.spoilTangents = { $0 == 3 ? .infinity : 1 }
      let tuner = Tuner(
        problem: problem, initialParameters: [3, 4], inner: MomentumDescent(),
        hyperparameters: try hyperparameters(.sgd, tuned: [.learningRate, .momentum]),
        outer: .adam(learningRate: 0.1), settings: TuningSettings(method: .local, steps: 20),
        estimation: TailEstimation(tail: 2), coordinator: rank)
      _ = try tuner.finish()
    }
    #expect(results.count == 4)
    for result in results {
      let error = #expect(throws: DivergenceError.self) { try result.get() }
      #expect(error?.retreats == 5)
      #expect(error?.divergence.quantity == .hypergradient)
      #expect(error?.divergence.step == 20)
    }
  }
}
