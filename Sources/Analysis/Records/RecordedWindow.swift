import DynamicModes
import Hypergradients
import Runs

/// A line of `windows.jsonl`.
struct RecordedWindow {
  /// The window's number, from 1.
  let window: Int
  /// Its line number in the file, from 1.
  let line: Int
  /// Its inner steps, from 1.
  let steps: ClosedRange<Int>
  let trainingLoss: Double
  let validationLoss: Double
  let validationAccuracy: Double
  /// The test accuracy, if it was evaluated after this window.
  let testAccuracy: Double?
  /// The values of the optimizer's hyperparameters during the window, in order.
  let hyperparameters: [(name: String, value: Double)]
  /// The learning rate schedule; nil if the line does not give it.
  let schedule: RateSchedule?
  /// The number of entries in a hypergradient: q, or fewer if columns are in function space.
  let columns: Int
  /// The file with its hypergradients; nil if they are in `trajectory.jsonl`.
  let file: WindowFile.Expectation?
  /// q.
  let count: Int
  /// φ during the window, `[q]`; empty if it was not recorded, as for trials with large q.
  let raw: [Double]
  /// The estimator that was used for the update; nil in windows without one.
  let used: Estimator?
  /// Why that was not the requested one.
  let fallback: String?
  /// Every estimator's estimate, `[q]` each.
  let estimates: [Estimator: [Double]]
  let spectralRadius: Double?
  /// The eigenvalues λ: real part, imaginary part, amplitude.
  let eigenvalues: [(real: Double, imaginary: Double, amplitude: Double)]
  /// Seconds per phase, on the first rank.
  let seconds: [(name: String, value: Double)]

  /// The estimate used for the update, `[q]`.
  var estimate: [Double]? { used.flatMap { estimates[$0] } }

  /// Whether other estimates are bitwise equal to the recorded ones.
  func hasBits(of answers: [Estimator: [Double]]) -> Bool {
    estimates.allSatisfy { estimator, numbers in
      answers[estimator]?.map(\.bitPattern) == numbers.map(\.bitPattern)
    }
  }

  /// Reads a line.
  ///
  /// - Throws: `RecordError` for values that are missing, out of range, or inconsistent with the
  ///   rest of the line.
  init(_ members: RecordedMembers) throws(RecordError) {
    window = try members.int("window", in: RecordedMembers.counts)
    line = members.line.number
    let first = try members.int("first_step", in: RecordedMembers.counts)
    let last = try members.int("last_step", in: RecordedMembers.counts)
    guard first <= last else {
      throw members.error("ends with step \(last) before it begins with step \(first).")
    }
    steps = first...last
    trainingLoss = members.double("training_loss") ?? .nan
    validationLoss = members.double("validation_loss") ?? .nan
    validationAccuracy = members.double("validation_accuracy") ?? .nan
    testAccuracy = members.double("test_accuracy")
    hyperparameters = try members.neededTable("hyperparameters")
    schedule = try Self.schedule(members)
    let count = members.line.value[WindowFileEntry.key].flatMap(WindowFileEntry.countAlone)
    file = count == nil ? try Self.file(members, window: window, firstStep: first) : nil
    let contents = try file.map { expected throws(RecordError) in
      try WindowFile(of: members.folder, expecting: expected)
    }
    raw =
      if count != nil { [] } else if let contents { try contents.raw() } else {
        try members.needed("raw")
      }
    self.count = count ?? raw.count
    used = try members.string("used").map { name throws(RecordError) in
      try Self.estimator(name, members)
    }
    fallback = members.string("fallback")
    columns =
      members.line.value["columns"] == nil
      ? self.count : try members.int("columns", in: RecordedMembers.counts)
    estimates = try Self.estimates(members, contents, count: columns)
    spectralRadius = members.double("spectral_radius")
    eigenvalues = try Self.eigenvalues(members)
    seconds = members.table("seconds")
    if let used, estimates[used] == nil, count == nil {
      throw members.error(
        "says that \(used.rawValue) moved the hyperparameters, but "
          + (contents?.path ?? "\"estimates\"") + " has no such answer. \(RecordedMembers.remedy)")
    }
  }

  private static func file(
    _ members: RecordedMembers, window: Int, firstStep: Int
  ) throws(RecordError) -> WindowFile.Expectation? {
    guard let json = members.line.value[WindowFileEntry.key] else { return nil }
    guard let entry = WindowFileEntry(json, window: window) else {
      throw members.error(
        "has a \"\(WindowFileEntry.key)\" that does not name the file of window \(window). "
          + RecordedMembers.remedy)
    }
    return WindowFile.Expectation(
      entry, firstStep: firstStep,
      observed: members.line.value["validation_losses"]?.array?.count)
  }

  private static func schedule(_ members: RecordedMembers) throws(RecordError) -> RateSchedule? {
    guard let value = members.line.value["cosine_steps"] else { return nil }
    let warmup =
      members.line.value["warmup_steps"] == nil
      ? 0 : try members.int("warmup_steps", in: RecordedMembers.counts)
    if value == .null { return RateSchedule(.constant, steps: warmup + 1, warmup: warmup) }
    let steps = try members.int("cosine_steps", in: RecordedMembers.counts)
    guard warmup < steps else {
      throw members.error(
        "has a warm-up of \(warmup) steps in a schedule of \(steps). \(RecordedMembers.remedy)")
    }
    return RateSchedule(.cosine, steps: steps, warmup: warmup)
  }

  private static func estimator(
    _ name: String, _ members: RecordedMembers
  ) throws(RecordError) -> Estimator {
    if let estimator = Estimator(rawValue: name) { return estimator }
    let names = Estimator.allCases.map(\.rawValue).joined(separator: ", ")
    throw members.error(
      "names the estimator \"\(name)\", which this version does not know: it has \(names).")
  }

  private static func estimates(
    _ members: RecordedMembers, _ file: WindowFile?, count: Int
  ) throws(RecordError) -> [Estimator: [Double]] {
    var estimates: [Estimator: [Double]] = [:]
    if let file {
      // Their lengths have already been checked against the number of columns.
      for (name, numbers) in try file.estimates() {
        guard let estimator = Estimator(rawValue: name) else {
          throw RecordError(
            file.path,
            "holds an answer of the estimator \"\(name)\", which this version does not know. "
              + RecordedMembers.remedy)
        }
        estimates[estimator] = numbers
      }
      return estimates
    }
    for (name, numbers) in try members.lists("estimates") {
      guard numbers.count == count else {
        throw members.error(
          "has \(numbers.count) number(s) in the answer of \(name), but \(count) hyperparameter(s) "
            + "are tuned. \(RecordedMembers.remedy)")
      }
      estimates[try estimator(name, members)] = numbers
    }
    return estimates
  }

  private static func eigenvalues(
    _ members: RecordedMembers
  ) throws(RecordError) -> [(real: Double, imaginary: Double, amplitude: Double)] {
    var values: [(real: Double, imaginary: Double, amplitude: Double)] = []
    for value in members.line.value["eigenvalues"]?.array ?? [] {
      guard let parts = RecordedMembers.numbers(value), parts.count == 3 else {
        throw members.error(
          "has an eigenvalue that is not three numbers. \(RecordedMembers.remedy)")
      }
      values.append((parts[0], parts[1], parts[2]))
    }
    return values
  }
}
