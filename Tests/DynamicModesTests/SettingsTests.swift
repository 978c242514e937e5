import DynamicModes
import Testing

@Suite struct SettingsTests {
  @Test func theDefaultsAreSound() {
    let settings = DynamicModeSettings()
    #expect(settings.problem == nil)
    #expect(settings.stacks == 10 && settings.stepsNeeded == 12)
    #expect(settings.problem(observed: 12) == nil)
  }

  @Test func tooFewStepsIsASentenceWithARemedy() {
    let problem = DynamicModeSettings().problem(observed: 11)
    #expect(problem?.contains("11 observed steps") == true)
    #expect(problem?.contains("at least 12") == true)
  }

  @Test(arguments: [
    (DynamicModeSettings(stacks: 0), "stacks"), (DynamicModeSettings(rank: .fixed(0)), "rank"),
    (DynamicModeSettings(rank: .energy(.nan)), "energy"),
    (DynamicModeSettings(tolerance: -0.1), "tolerance"),
    (DynamicModeSettings(tolerance: .nan), "tolerance"),
    (DynamicModeSettings(tolerance: 1), "tolerance"), (DynamicModeSettings(ridge: -1), "ridge"),
    (DynamicModeSettings(ridge: .infinity), "ridge"),
    (DynamicModeSettings(conditionLimit: 1), "condition"), (DynamicModeSettings(cap: 0), "cap"),
    (DynamicModeSettings(affineDirections: 0), "affine directions"),
  ])
  func whatIsOutOfRangeIsNamed(settings: DynamicModeSettings, word: String) {
    #expect(settings.problem?.contains(word) == true)
    #expect(settings.problem(observed: 1000)?.contains(word) == true)
  }
}
