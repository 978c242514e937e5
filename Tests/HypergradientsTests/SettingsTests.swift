import Hypergradients
import Testing

/// Settings that cannot work say why.
struct SettingsTests {
  @Test(arguments: [
    (TuningSettings(method: .local, steps: 0), 3, "at least 1"),
    (TuningSettings(method: .local, steps: 5, window: 0), 3, "at least 1"),
    (TuningSettings(method: .glocal, steps: 5), 0, "No hyperparameter is tuned"),
    (TuningSettings(method: .glocal, steps: 5, window: 10, observed: 11), 3, "between 1 and 10"),
    (TuningSettings(method: .local, steps: 5, carry: 1.5), 3, "[0, 1]"),
    (TuningSettings(method: .local, steps: 5, carry: .decay(.nan)), 3, "[0, 1]"),
    (TuningSettings(method: .globalRestart, steps: 5, outerSteps: 0), 3, "0 trainings"),
    (TuningSettings(method: .truncatedGlobal, steps: 5, playoutWindows: 0), 3, "0 windows"),
    (TuningSettings(method: .none, steps: 5, divergence: .init(retreats: -1)), 0, "-1 retreats"),
    (TuningSettings(method: .none, steps: 5, divergence: .init(factor: 1)), 0, "(0, 1)"),
  ])
  func problemsAreNamed(settings: TuningSettings, count: Int, words: String) {
    #expect(settings.problem(count: count)?.contains(words) == true)
  }

  @Test(arguments: Method.allCases)
  func theDefaultsHaveNone(method: Method) {
    #expect(TuningSettings(method: method, steps: 100).problem(count: 3) == nil)
  }
}
