import Hypergradients
import Testing

/// Settings that cannot work say why.
struct SettingsTests {
  @Test(arguments: [
    (TuningSettings(method: .local, steps: 0), 3, "steps is 0: it must be from 1"),
    (TuningSettings(method: .local, steps: 5, window: 0), 3, "length is 0: it must be from 1"),
    (TuningSettings(method: .glocal, steps: 5), 0, "no hyperparameter to tune"),
    (TuningSettings(method: .glocal, steps: 5, window: 10, observed: 11), 3, "between 1 and 10"),
    (TuningSettings(method: .local, steps: 5, carry: 1.5), 3, "from 0 to 1"),
    (TuningSettings(method: .local, steps: 5, carry: .decay(.nan)), 3, "from 0 to 1"),
    (TuningSettings(method: .globalRestart, steps: 5, outerSteps: 0), 3, "trainings is 0"),
    (TuningSettings(method: .truncatedGlobal, steps: 5, playoutWindows: 0), 3, "playout is 0"),
    (TuningSettings(method: .local, steps: 5, mode: .implicit), 3, "of the method implicit"),
    (TuningSettings(method: .none, steps: 5, divergence: .init(retreats: -1)), 0, "retreats is -1"),
    (
      TuningSettings(method: .none, steps: 5, divergence: .init(shrink: 1)), 0,
      "above 0 and below 1"
    ),
  ])
  func complaintsAreNamed(settings: TuningSettings, count: Int, words: String) {
    #expect(settings.complaint(count: count)?.sentence.contains(words) == true)
  }

  @Test(arguments: Method.allCases)
  func theDefaultsHaveNone(method: Method) {
    #expect(TuningSettings(method: method, steps: 100).complaint(count: 3) == nil)
  }
}
