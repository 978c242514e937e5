import DynamicModes

/// A line of `windows.jsonl`.
struct RecordedWindow {
  /// The number of the window, from 1.
  let window: Int
  /// Its inner steps, from 1.
  let steps: ClosedRange<Int>
  let trainingLoss: Double
  let validationLoss: Double
  let validationAccuracy: Double
  /// Where the test set was looked at after this window.
  let testAccuracy: Double?
  /// The values of the optimizer's hyperparameters it was trained with, in order.
  let hyperparameters: [(name: String, value: Double)]
  /// Those of the next window.
  let hyperparametersAfter: [(name: String, value: Double)]
  /// φ it was trained with, `[q]`.
  let raw: [Double]
  /// The estimator whose answer moved φ; nil in windows without an update.
  let used: Estimator?
  /// Why that was not the one asked for.
  let fallback: String?
  /// Every estimator's answer, `[q]` each.
  let estimates: [Estimator: [Double]]
  let spectralRadius: Double?
  /// λ: real part, imaginary part, amplitude.
  let eigenvalues: [(real: Double, imaginary: Double, amplitude: Double)]
  /// Seconds by phase, on the first rank.
  let seconds: [(name: String, value: Double)]

  /// What moved φ, `[q]`.
  var estimate: [Double]? { used.flatMap { estimates[$0] } }

  /// Whether other answers are the recorded ones, bit for bit.
  func hasBits(of answers: [Estimator: [Double]]) -> Bool {
    estimates.allSatisfy { estimator, numbers in
      answers[estimator]?.map(\.bitPattern) == numbers.map(\.bitPattern)
    }
  }

  init(_ members: RecordedMembers) throws(RecordError) {
    window = try members.int("window")
    let (first, last) = (try members.int("first_step"), try members.int("last_step"))
    guard first <= last else {
      throw members.error("ends with step \(last) before it begins with step \(first).")
    }
    steps = first...last
    trainingLoss = members.double("training_loss") ?? .nan
    validationLoss = members.double("validation_loss") ?? .nan
    validationAccuracy = members.double("validation_accuracy") ?? .nan
    testAccuracy = members.double("test_accuracy")
    hyperparameters = members.table("hyperparameters")
    hyperparametersAfter = members.table("hyperparameters_after")
    raw = members.numbers("raw") ?? []
    used = members.string("used").flatMap(Estimator.init(rawValue:))
    fallback = members.string("fallback")
    var estimates: [Estimator: [Double]] = [:]
    for (name, numbers) in members.lists("estimates") {
      if let estimator = Estimator(rawValue: name) { estimates[estimator] = numbers }
    }
    self.estimates = estimates
    spectralRadius = members.double("spectral_radius")
    eigenvalues = (members.line.value["eigenvalues"]?.array ?? []).compactMap { value in
      guard let parts = RecordedMembers.numbers(value), parts.count == 3 else { return nil }
      return (parts[0], parts[1], parts[2])
    }
    seconds = members.table("seconds")
  }
}
