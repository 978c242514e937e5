import DynamicModes
import Testing

@Suite struct LegalRangeTests {
  @Test(arguments: [
    (LegalRange.from(0.0), [0, 1e300], [-1e-300], "at least 0"),
    (.above(0), [1e-300, 1], [0, -1], "above 0"),
    (.from(1, to: 64), [1, 64], [0.9, 64.1], "from 1 to 64"),
    (.from(0, below: 1), [0, 0.999], [1, -0.1], "from 0 to below 1"),
    (.above(0, to: 1), [1e-300, 1], [0, 1.1], "above 0, at most 1"),
    (.above(0, below: 0.5), [0.1], [0, 0.5], "above 0 and below 0.5"),
    (.finite, [-1e300, 0], [], "finite"),
  ])
  func endsAreLegalOrNotAsTheWordsSay(
    range: LegalRange<Double>, legal: [Double], illegal: [Double], words: String
  ) {
    #expect(range.description == words)
    #expect(legal.allSatisfy(range.contains))
    let never = illegal + [.nan, .infinity, -.infinity]
    #expect(!never.contains(where: range.contains))
  }

  @Test func aComplaintNamesTheSettingAndThePartItIsIn() {
    struct Whole { var part = DynamicModeSettings(stacks: 0) }
    let complaint = Whole().part.complaint
    #expect(complaint?.sentence == "the number of stacks is 0: it must be from 1 to 1000000.")
    #expect(complaint?.blamed == [\.stacks])
    #expect(complaint?.within(\Whole.part).blamed == [\Whole.part.stacks])
  }
}

@Suite struct EstimatorTests {
  @Test func namesAreUniqueAndReadBack() {
    #expect(Set(Estimator.allCases.map(\.rawValue)).count == Estimator.allCases.count)
    for estimator in Estimator.allCases {
      #expect(Estimator(rawValue: estimator.rawValue) == estimator)
    }
    #expect(Estimator(rawValue: "dmd_horizon") == nil)
  }

  /// From the steps that an estimator says it needs on it has an answer of its own; before, the tail mean
  /// is one of fewer, and the others that need more than one have none.
  @Test(arguments: Estimator.allCases)
  func stepsNeededAreEnough(estimator: Estimator) throws {
    let settings = DynamicModeSettings(stacks: 4, rank: .full)
    let needed = estimator.stepsNeeded(settings)
    func state(_ steps: Int) -> SteadyState {
      estimateSteadyState(
        trajectory: (0..<steps).map { 1 + 0.5 / Double(1 << $0) }, steps: steps, hyperparameters: 1,
        requested: estimator, settings: settings, horizon: 10)
    }
    #expect(state(needed).estimates[estimator] != nil)
    guard needed > 1, estimator != .tailMean else { return }
    #expect(
      state(needed - 1).reasons[estimator] == .tooFewSteps(observed: needed - 1, needed: needed))
  }

  @Test func whoIsNotAskedHasNoAnswer() throws {
    let trajectory = (0..<8).map { 1 + 0.5 / Double(1 << $0) }
    let settings = DynamicModeSettings(stacks: 2, rank: .full)
    func states(_ estimators: [Estimator]) -> SteadyState? {
      estimateSteadyStates(
        trajectory: trajectory, steps: 8, hyperparameters: 1, settings: settings,
        tolerances: [0.05], horizon: 3, estimators: estimators
      ).first
    }
    let (all, one) = (try #require(states(Estimator.allCases)), try #require(states([.dmd])))
    #expect(Set(one.estimates.keys) == [.dmd, .tailMean])
    #expect(one.estimates[.dmd] == all.estimates[.dmd])
    #expect(one.spectrum == all.spectrum)
  }
}
