import DynamicModes
import Foundation
import TestSupport
import Testing

@testable import Analysis
@testable import Runs
@testable import Settings
@testable import Storage

/// Records that are damaged: a sentence with file and line, never a trap and never a wrong answer.
@Suite struct RecordDamage {
  /// A change to one line of a made-up run, and words about it.
  struct Damage: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let file: RunFolder.File
    /// The line, from 1, and what is to be replaced in it.
    let line: Int
    let old: String
    let new: String
    let words: String

    init(
      _ name: String, _ file: RunFolder.File, line: Int, _ old: String, _ new: String,
      _ words: String
    ) {
      (testDescription, self.file, self.line) = (name, file, line)
      (self.old, self.new, self.words) = (old, new, words)
    }
  }

  static let windows = [
    Damage(
      "step before 1", .windows, line: 1, "\"first_step\":1", "\"first_step\":-9223372036854775808",
      "has the \"first_step\" -9223372036854775808, which must be from 1 to"),
    Damage(
      "last step", .windows, line: 2, "\"last_step\":100", "\"last_step\":9223372036854775807",
      "has the \"last_step\" 9223372036854775807, which must be from 1 to"),
    Damage(
      "steps that do not follow", .windows, line: 2, "\"first_step\":51", "\"first_step\":52",
      "begins with step 52, but window 1 ends with step 50"),
    Damage(
      "a first step that is none", .windows, line: 1, "\"first_step\":1", "\"first_step\":2",
      "a run begins with step 1"),
    Damage(
      "window", .windows, line: 2, "\"window\":2", "\"window\":9223372036854775807",
      "has the \"window\" 9223372036854775807"),
    Damage(
      "a window twice", .windows, line: 2, "\"window\":2", "\"window\":1",
      "is window 1, but window 1 stands before it"),
    Damage("raw missing", .windows, line: 3, "\"raw\":[0.0,1.0,2.0],", "", "has no \"raw\""),
    Damage(
      "raw too short", .windows, line: 3, "\"raw\":[0.0,1.0,2.0]", "\"raw\":[0.0,1.0]",
      "in the answer of last, but 2 hyperparameter(s) are tuned"),
    Damage(
      "fewer hyperparameters", .windows, line: 2, ",\"momentum\":0.9", "",
      "has other \"hyperparameters\" than window 1"),
    Damage(
      "a word for a hyperparameter", .windows, line: 2, "\"momentum\":0.9", "\"momentum\":\"x\"",
      "has no \"hyperparameters.momentum\" with a number"),
    Damage(
      "an answer too short", .windows, line: 2, "\"last\":[", "\"last\":[1.0],\"affine\":[",
      "has 1 number(s) in the answer of last, but 3 hyperparameter(s) are tuned"),
    Damage(
      "an unknown estimator", .windows, line: 2, "\"used\":\"last\"", "\"used\":\"lost\"",
      "names the estimator \"lost\""),
    Damage(
      "no answer of the one used", .windows, line: 2, "\"used\":\"last\"", "\"used\":\"dmd\"",
      "says that dmd moved the hyperparameters"),
    Damage(
      "an eigenvalue of two numbers", .windows, line: 2, "\"used\"",
      "\"eigenvalues\":[[1.0,0.0]],\"used\"", "has an eigenvalue that is not three numbers"),
    Damage(
      "a cosine over nothing", .windows, line: 2, "\"used\"", "\"cosine_steps\":0,\"used\"",
      "has the \"cosine_steps\" 0"),
  ]

  static let trajectories = [
    Damage(
      "step", .trajectory, line: 1, "\"step\":31", "\"step\":9223372036854775807",
      "has the \"step\" 9223372036854775807"),
    Damage(
      "next step", .trajectory, line: 2, "\"step\":32", "\"step\":9223372036854775807",
      "has the \"step\" 9223372036854775807"),
    Damage(
      "window", .trajectory, line: 1, "\"window\":1", "\"window\":-1", "has the \"window\" -1"),
    Damage("a word in h", .trajectory, line: 3, "\"h\":[", "\"h\":[\"x\",", "has no \"h\""),
    Damage("a long h", .trajectory, line: 3, "\"h\":[", "\"h\":[1,", "has 4 hypergradients"),
  ]

  private func damaged(_ damage: Damage) throws -> MadeUpRun {
    let run = try MadeUpRun(windows: 4, observed: 20)
    var lines = try run.lines(damage.file)
    let line = lines[damage.line - 1]
    #expect(line.components(separatedBy: damage.old).count == 2, "\(line)")
    lines[damage.line - 1] = line.replacing(damage.old, with: damage.new)
    try run.write(lines, damage.file)
    return run
  }

  private func expect(_ error: (any Error)?, _ damage: Damage, _ run: MadeUpRun) {
    let text = "\(error.map { "\($0)" } ?? "no error")"
    #expect(error is RecordError, "\(text)")
    #expect(text.hasPrefix("\(run.file(damage.file)):\(damage.line): "), "\(text)")
    #expect(text.contains(damage.words), "\(text)")
  }

  @Test("windows are refused by export, report and replay", arguments: windows)
  func refusesWindows(damage: Damage) throws {
    let run = try damaged(damage)
    expect(error { _ = try RecordedSchedule(of: RecordedRun(path: run.path)) }, damage, run)
    expect(error { _ = try RunReport(of: [run.path]) }, damage, run)
    expect(error { try Self.replay(run.path) }, damage, run)
  }

  @Test("hypergradients are refused by replay", arguments: trajectories)
  func refusesTrajectories(damage: Damage) throws {
    let run = try damaged(damage)
    expect(error { try Self.replay(run.path) }, damage, run)
  }

  @Test("what only the schedule needs is refused by export alone")
  func refusesSchedules() throws {
    for damage in [
      Damage(
        "null", .windows, line: 3, "\"momentum\":0.9", "\"momentum\":null",
        "the momentum of window 3 is not finite"),
      Damage(
        "beyond the run", .windows, line: 4, "\"last_step\":200", "\"last_step\":201",
        "window 4 ends with step 201, but the run has 200"),
    ] {
      let run = try damaged(damage)
      expect(error { _ = try RecordedSchedule(of: RecordedRun(path: run.path)) }, damage, run)
      #expect(try !RunReport(of: [run.path]).page(gnuplotIn: "/nowhere").html.isEmpty)
    }
  }

  @Test("two runs in one folder are noticed")
  func mixedUp() throws {
    let run = try MadeUpRun(windows: 4, observed: 20)
    let other = try MadeUpRun(windows: 4, observed: 20, q: 5)
    try run.write(try other.lines(.trajectory), .trajectory)
    let error = error { try Self.replay(run.path) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("two runs got mixed up"))
  }

  /// Whatever single damage does, reading ends with an answer or an error that is meant for people.
  @Test("damage at random places traps nowhere", arguments: 0..<UInt64(8))
  func anything(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let files: [RunFolder.File] = [.windows, .trajectory, .summary, .weights, .configuration]
    let good = try Self.rich()
    let contents = try Dictionary(
      uniqueKeysWithValues: files.map { file in
        (file, Array(try Data(contentsOf: URL(fileURLWithPath: good.file(file)))))
      })
    for round in 0..<60 {
      let file = files[Int.random(in: 0..<files.count, using: &random)]
      let bytes = Self.mutated(contents[file] ?? [], using: &random)
      try Data(bytes).write(to: URL(fileURLWithPath: good.file(file)))
      for read in Self.readers {
        guard let error = error({ try read(good.path) }) else { continue }
        let isMeant =
          error is RecordError || error is ConfigurationError || error is RunError
          || error is FileError || error is RunFolderError
        #expect(isMeant, "seed \(seed), round \(round), \(file.rawValue): \(error)")
      }
      try Data(contents[file] ?? []).write(to: URL(fileURLWithPath: good.file(file)))
    }
  }

  /// The same of a window's own file; half of the time its line agrees with what the file has become, so
  /// that no checksum tells.
  @Test(
    "damage to the file of a window traps nowhere and is told by its name", arguments: 0..<UInt64(4)
  )
  func windowFile(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let run = try MadeUpRun(windows: 1, observed: 12, q: 4, settings: ["reweighting.hidden=1"])
    let folder = RunFolder(known: run.path)
    let h = (0..<48).map { sin(Double($0)) }
    let mark = try folder.write(
      [
        NamedTensor(name: "h", shape: [12, 4], values: h),
        NamedTensor(name: "steps", shape: [12], values: (39...50).map(Double.init)),
        NamedTensor(name: "raw", shape: [4], values: [0, 1, 2, 3]),
        NamedTensor(name: "raw_after", shape: [4], values: [1, 2, 3, 4]),
        NamedTensor(name: "estimates.last", shape: [4], values: Array(h.suffix(4))),
      ], ofWindow: 1)
    try run.write([], .trajectory)
    try Data().write(to: URL(fileURLWithPath: run.file(.trajectory)))
    func writeLine(_ mark: FileMark) throws {
      let entry = WindowFileEntry(window: 1, count: 4, mark: mark)
      try run.write(
        [
          JSONText.line([
            "window": 1, "first_step": 1, "last_step": 50,
            "hyperparameters": ["learning-rate": 0.1],
            "hypergradients": WindowFileEntry.members(
              entry, count: 4, norm: 1, estimateNorm: nil), "used": "last",
          ])
        ], .windows)
    }
    try writeLine(mark)
    for read in Self.readers { try read(run.path) }
    let path = folder.path(ofWindow: 1)
    let good = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    for round in 0..<200 {
      // Most of the file is header.
      let bytes = Self.mutated(good, using: &random)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let agrees = round % 2 == 1
      try writeLine(agrees ? FileMark(of: path) : mark)
      for read in Self.readers {
        let error = error { try read(run.path) }
        let text = "seed \(seed), round \(round): \(error.map { "\($0)" } ?? "no error")"
        if let error {
          #expect(error is RecordError && "\(error)".hasPrefix("\(path): "), "\(text)")
        } else {
          #expect(agrees || bytes == good, "\(text)")
        }
      }
    }
  }

  /// Whoever reads a run's records.
  private static let readers: [@Sendable (String) throws -> Void] = [
    { path in
      let schedule = try RecordedSchedule(of: RecordedRun(path: path))
      for form in ScheduleForm.allCases {
        #expect(!schedule.text(form).contains("nan") && !schedule.text(form).contains("inf"))
      }
    },
    { path in _ = try RunReport(of: [path]).page(gnuplotIn: "/nowhere") },
    { path in try replay(path) },
  ]

  private static func replay(_ path: String) throws {
    var replay = try Replay(of: path, ReplayGrid.Lists(estimator: ["all"]), output: nil)
    _ = try replay.run()
  }

  /// A run with everything in its lines that a reader looks at.
  private static func rich() throws -> MadeUpRun {
    let run = try MadeUpRun(
      windows: 3, observed: 12, q: 4, settings: ["inner.schedule=cosine", "reweighting.hidden=1"])
    try run.write(
      try run.lines(.windows).map { line in
        line.dropLast()
          + ",\"training_loss\":0.5,\"validation_loss\":0.25,\"validation_accuracy\":0.9,"
          + "\"cosine_steps\":150,\"spectral_radius\":1.01,\"eigenvalues\":[[0.9,0.1,1.0]],"
          + "\"seconds\":{\"training\":1.5,\"validation\":0.5}}"
      }, .windows)
    try run.write(
      (1...3).map { "{\"window\":\($0),\"losses\":[0.0,1.0],\"weights\":[0.5,0.25]}" }, .weights)
    try run.write(
      [
        "{\"test_accuracy\":0.9,\"test_loss\":0.3,\"seconds\":2.0,\"ranks\":2,\"grid\":\"1x2\",",
        "\"test_class_accuracies\":[0.9,0.8],\"training_images_per_class\":[10,20],",
        "\"seconds_by_rank\":{\"training\":[1.0,2.0],\"update\":[0.5,0.5]}}",
      ], .summary)
    return run
  }

  /// A byte, a number, a line or a piece changed, cut, doubled or exchanged.
  private static func mutated(_ bytes: [UInt8], using random: inout SplitMix) -> [UInt8] {
    var bytes = bytes
    let place = Int.random(in: 0..<bytes.count, using: &random)
    let numbers = [
      "9223372036854775807", "-9223372036854775808", "1e308", "-1", "0", "null", "[]", "{}", "\"\"",
      "1e999", "9223372036854775808", "0.5",
    ]
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
    case 1: bytes.removeSubrange(place...)
    case 2:
      // A whole number or a list in place of what stands there up to the next comma.
      let end = bytes[place...].firstIndex { ",]}\n".utf8.contains($0) } ?? bytes.endIndex
      let start = bytes[..<place].lastIndex { ":,[".utf8.contains($0) }.map { $0 + 1 } ?? place
      bytes.replaceSubrange(
        min(start, end)..<end, with: Array((numbers.randomElement(using: &random) ?? "").utf8))
    case 3:
      let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
      bytes.removeSubrange(place..<end)
    case 4:
      let end = min(bytes.count, place + Int.random(in: 1...200, using: &random))
      bytes.insert(contentsOf: bytes[place..<end], at: place)
    default:
      var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let (one, other) = (
        Int.random(in: 0..<lines.count, using: &random),
        Int.random(in: 0..<lines.count, using: &random)
      )
      lines.swapAt(one, other)
      bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }
    return bytes
  }

  private func error(_ body: () throws -> Void) -> (any Error)? {
    do {
      try body()
      return nil
    } catch {
      return error
    }
  }
}
