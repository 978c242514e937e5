import DynamicModes
import Testing

@Suite struct SettingsTests {
  @Test func theDefaultsAreSound() {
    let settings = DynamicModeSettings()
    #expect(settings.complaint == nil)
    #expect(settings.stacks == 10 && settings.stepsNeeded == 12)
    #expect(settings.complaint(observed: 12) == nil)
  }

  @Test func tooFewStepsIsASentenceWithARemedy() {
    let sentence = DynamicModeSettings().complaint(observed: 11)?.sentence
    #expect(sentence?.contains("11 observed steps") == true)
    #expect(sentence?.contains("at least 12") == true)
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
    #expect(settings.complaint?.sentence.contains(word) == true)
    #expect(settings.complaint(observed: 1000)?.sentence.contains(word) == true)
  }
}
