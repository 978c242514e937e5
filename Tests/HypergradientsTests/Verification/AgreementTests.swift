import DynamicModes
import Hypergradients
import Testing

/// The measures of agreement, and what can be asked for.
struct AgreementTests {
  @Test func measuresAreWhatTheyAreCalled() throws {
    let agreement = Agreement(of: [3, 4, 0], with: [4, -3, 0])
    #expect(agreement.cosine == 0)
    #expect(agreement.signs == [true, false, true])
    // ‖(−1, 7, 0)‖ / 5, to rounding.
    let error = try #require(agreement.relativeError)
    #expect(abs(error - 2.0.squareRoot()) <= 1e-15)
    let opposite = Agreement(of: [1, -2, 0], with: [-1, 2, 0])
    // Products of two rounded roots.
    #expect(abs(try #require(opposite.cosine) + 1) <= 1e-15)
    #expect(abs(opposite.signShare - 1.0 / 3) <= 1e-15)
    let tiny = Agreement(of: [2e-200, 0], with: [1e-200, 0])
    #expect(tiny.cosine == 1 && tiny.relativeError == 1 && tiny.signs == [true, true])
    let nothing = Agreement(of: [0, 1], with: [0, 0])
    #expect(nothing.cosine == nil && nothing.relativeError == nil)
    #expect(nothing.signs == [true, false])
  }

  @Test func theNoiseOfTheTruthComesFromItsSteps() throws {
    let truth = GlobalHypergradient(steps: [1, 5, 3, -6, 2, 4], count: 2)
    #expect(truth.mean == [2, 1])
    let error = try #require(truth.standardError)
    // Squares about the mean are 2 and 74; divided by 3 · 2.
    #expect(abs(error[0] - (2.0 / 6).squareRoot()) <= 1e-15)
    #expect(abs(error[1] - (74.0 / 6).squareRoot()) <= 1e-15)
    #expect(truth.isClear(0) == true && truth.isClear(1) == false)
    let single = GlobalHypergradient(steps: [1, 5], count: 2)
    #expect(single.mean == [1, 5] && single.standardError == nil && single.isClear(0) == nil)
  }

  @Test func whoIsNotTrustedAnswersWithTheTailMean() {
    let known = FamilyAnswers(
      trajectory: [1, 2, 3], count: 1, settings: DynamicModeSettings(stacks: 2), horizon: 5)
    #expect(known.answers.count == Estimator.allCases.count)
    #expect(known.answers[.last]?.estimate == [3] && known.answers[.last]?.fallback == nil)
    let modes = known.answers[.dmd]
    #expect(modes?.fallback == "too-few-steps" && modes?.own == nil && modes?.estimate == [2.5])
    let broken = FamilyAnswers(
      trajectory: [1, .nan], count: 1, settings: DynamicModeSettings(stacks: 2), horizon: 5)
    #expect(broken.answers.isEmpty)
  }

  private static let tuning = TuningSettings(method: .none, steps: 100, window: 10)

  @Test func windowsAreSpreadOverThoseWithRoomBehindThem() {
    func spread(_ count: Int, _ horizon: Int?, _ average: Int) -> [Int] {
      VerificationSettings.spread(count, over: Self.tuning, horizon: horizon, average: average)
    }
    #expect(spread(3, nil, 10) == [2, 5, 8])
    #expect(spread(9, nil, 10) == Array(1...9))
    #expect(spread(99, nil, 11) == Array(1...8))
    #expect(spread(2, 60, 1) == [2, 4])
    #expect(spread(2, 100, 1) == [1])
    #expect(spread(2, 101, 1) == [])
  }

  @Test(
    arguments: [
      (VerificationSettings(windows: [10]), "Window 10 ends at step 100"),
      (VerificationSettings(windows: []), "There is no window to verify"),
      (VerificationSettings(windows: [3, 2]), "in order"),
      (VerificationSettings(windows: [0]), "counted from 1"),
      (VerificationSettings(windows: [1], decays: [0.5, 1.5]), "the decay is 1.5"),
      (VerificationSettings(windows: [1], horizon: 12), "take at least 20"),
      (VerificationSettings(windows: [1], horizon: 101), "longer than the whole run of 100"),
      (VerificationSettings(windows: [1], average: 0), "take at least 1"),
      (VerificationSettings(windows: [1], differenceStep: 0), "a step above 0"),
    ])
  func whatDoesNotFitIsSaid(settings: VerificationSettings, words: String) throws {
    var settings = settings
    settings.observed = 5
    let problem = try #require(settings.complaint(Self.tuning, count: 3))
    #expect(problem.contains(words), "\(problem)")
  }

  @Test func runsThatCannotBeVerifiedAreRefused() throws {
    let settings = VerificationSettings(windows: [1], observed: 5)
    #expect(settings.complaint(Self.tuning, count: 3) == nil)
    #expect(try #require(settings.complaint(Self.tuning, count: 0)).contains("tune one"))
    for method in [Hypergradients.Method.global, .globalRestart, .truncatedGlobal] {
      let other = TuningSettings(method: method, steps: 100, window: 10)
      let problem = try #require(settings.complaint(other, count: 3))
      #expect(problem.hasPrefix(method.rawValue) && problem.contains("set the method to"))
    }
    let reverse = TuningSettings(method: .local, steps: 100, window: 10, mode: .reverse)
    #expect(try #require(settings.complaint(reverse, count: 3)).contains("reverse mode"))
  }
}
