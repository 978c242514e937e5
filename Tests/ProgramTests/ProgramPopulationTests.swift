import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Presentation
@testable import Runs
@testable import Storage

extension ResultTests {
  /// `search --strategy pbt`: the same lineages wherever it runs, and whatever happens to it.
  @Suite("Populations") struct Populations {
    static let search = [
      "search", "--strategy", "pbt", "--every", "2", "--trials", "5", "--range",
      "learning-rate=0.001:0.2",
    ]

    /// The same without hypergradients, which takes less time.
    static let plain = search + ["--methods", "none"]

    /// What a population came to, without seconds.
    private func generations(_ search: TinyTrials) throws -> [JSONValue] {
      try (search.json("population.json")["generations"]?.array ?? []).map { generation in
        .object(
          (generation.members ?? []).map { member in
            guard member.key == "heirs" else { return member }
            return .init(
              "heirs",
              .array(
                (member.value.array ?? []).map {
                  .object(($0.members ?? []).filter { $0.key != "seconds" })
                }))
          })
      }
    }

    private static func name(_ trial: Int) -> String { NumberText.padded(trial, to: 3) }

    private func lines(_ search: TinyTrials, _ trial: Int) -> [ArraySlice<UInt8>] {
      search.bytes("trials/\(Self.name(trial))/windows.jsonl")
        .split(separator: UInt8(ascii: "\n"))
    }

    private func expect(
      _ search: TinyTrials, is reference: TinyTrials, _ comment: Comment,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      try search.expectResults(of: reference, comment, sourceLocation: sourceLocation)
      let expected = try generations(reference)
      #expect(!expected.isEmpty, comment, sourceLocation: sourceLocation)
      #expect(try generations(search) == expected, comment, sourceLocation: sourceLocation)
    }

    @Test(
      "on one rank as on several, in whatever groups, and heirs have the history they took over")
    func ranks() throws {
      let reference = try TinyTrials(Self.search)
      let first = try reference.run(ranks: nil)
      #expect(first.exitCode == 0 && first.errors.isEmpty, "\(first.errors)")
      #expect(first.output.contains("take over the best after every 2 window(s)"))
      let summary = try reference.json("summary.json")
      #expect(summary["finished"]?.int == 5 && summary["generations"]?.int == 2)
      #expect(summary["takeovers"]?.int == 2)
      let generations = try generations(reference)
      #expect(generations.compactMap { $0["window"]?.int } == [2, 4])
      #expect(generations.allSatisfy { $0["applied"] == .bool(true) })

      // The last generation's heir has its source's lines up to there, and goes on with other values.
      let heir = try #require(generations.last?["heirs"]?.array?.first)
      let (trial, source) = (
        try #require(heir["trial"]?.int), try #require(heir["from"]?.int)
      )
      let (own, taken) = (lines(reference, trial), lines(reference, source))
      #expect(own.count == 6 && own.prefix(4).elementsEqual(taken.prefix(4)))
      let next = try JSONValue(parsing: own[4])
      #expect(next["hyperparameters"] == heir["after"] && heir["after"] != heir["before"])
      let end = try JSONValue(parsing: taken[3])
      #expect(end["hyperparameters_after"] == heir["before"])
      let row = try #require(
        reference.bytes("trials.jsonl").split(separator: UInt8(ascii: "\n")).map {
          try JSONValue(parsing: $0)
        }.first { $0["trial"]?.int == trial })
      #expect(row["from"]?.int == source && row["from_window"]?.int == 4)

      for (ranks, options) in [(2, []), (4, []), (4, ["--groups", "2"])] as [(Int, [String])] {
        let other = try TinyTrials(Self.search)
        let run = try other.run(ranks: ranks, options: options)
        #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
        try expect(other, is: reference, "\(ranks) ranks \(options)")
      }
      let report = try ProgramUnderTest.run(["report", reference.path])
      #expect(report.exitCode == 0, "\(report.errors)")
      let page = String(decoding: reference.bytes("report.html"), as: UTF8.self)
      #expect(page.contains("<h2>Generations</h2>") && page.contains("the whole state of a better"))
      let export = try ProgramUnderTest.run([
        "export", "\(reference.path)/trials/\(Self.name(trial))", "--schedule", "csv",
      ])
      #expect(export.exitCode == 0, "\(export.errors)")
      let rate = try #require(heir["after"]?["learning-rate"]?.double)
      #expect(export.output.contains("25,30,\(rate),"), "\(export.output)")
    }

    /// Columns, moments and hyperparameters of every layer that an heir takes over.
    @Test(
      "whatever a trial has to take over",
      arguments: [
        ("carried:window.carry=0.9,mode=forward", [], 2), ("none", ["--seeds", "0,1"], 2),
        ("mine:truncated-global.windows=2,method=truncated-global,mode=reverse", [], 2),
      ] as [(String, [String], Int)])
    func states(method: String, options: [String], ranks: Int) throws {
      let command =
        ["search", "--strategy", "pbt", "--every", "2", "--trials", "2", "--methods", method]
        + options
      let settings = TinyTrials.settings + ["inner.steps=24"]
      let reference = try TinyTrials(command, settings: settings)
      let run = try reference.run(ranks: nil)
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      let heirs = try generations(reference).flatMap { $0["heirs"]?.array ?? [] }
      #expect(heirs.count == (options.isEmpty ? 1 : 2))
      let other = try TinyTrials(command, settings: settings)
      #expect(try other.run(ranks: ranks).exitCode == 0)
      try expect(other, is: reference, "\(method)")
    }

    @Test("killed again and again, going on elsewhere")
    func killed() throws {
      let reference = try TinyTrials(Self.plain)
      #expect(try reference.run(ranks: nil).exitCode == 0)
      let search = try TinyTrials(Self.plain)
      var random = SplitMix(seed: 11)
      for ranks in [2, nil, 3] as [Int?] {
        let before = search.windowCount
        let started = try search.start(ranks: ranks)
        let deadline = ContinuousClock.now + .seconds(30)
        while started.isRunning, search.windowCount < before + 4 {
          try #require(ContinuousClock.now < deadline)
          usleep(1000)
        }
        usleep(UInt32.random(in: 0...20_000, using: &random))
        started.killAll()
        _ = try started.finish()
      }
      let end = try search.run(ranks: 2)
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      try expect(search, is: reference, "killed three times")
    }

    /// Every state of the files between two of the steps of a generation.
    @Test("cut short after any of its steps, a generation is done again")
    func cutShort() throws {
      let settings = TinyTrials.settings + ["inner.steps=24"]
      let reference = try TinyTrials(Self.plain, settings: settings)
      #expect(try reference.run(ranks: nil).exitCode == 0)
      let heir = try #require(try generations(reference).first?["heirs"]?.array?.first)
      let (trial, source) = (try #require(heir["trial"]?.int), try #require(heir["from"]?.int))
      let place = "trials/\(Self.name(trial))"
      let checkpoint = "checkpoints/window-000002.safetensors"

      // A folder in the way of the decision: all trials have come to the rung.
      let search = try TinyTrials(Self.plain, settings: settings)
      let files = FileManager.default
      func begin(blocking name: String) throws {
        try files.createDirectory(
          atPath: "\(search.path)/\(name)", withIntermediateDirectories: true)
        let run = try search.run(ranks: nil)
        #expect(run.exitCode != 0 && run.errors.contains(name), "\(run.errors)")
        try files.removeItem(atPath: "\(search.path)/\(name)")
      }
      try begin(blocking: "population.json")
      let undecided = try Snapshot(of: search.path)
      // And one in the way of the last step but one.
      try begin(blocking: "\(place)/failure.json")
      let replaced = try Snapshot(of: search.path)
      let decision = try search.json("population.json")
      #expect(decision["generations"]?.array?.first?["applied"] == .bool(false))
      try expectTakenOver(search, trial: place, source: source, checkpoint: checkpoint)

      var states = [("replaced", replaced)]
      var state = undecided
      state["population.json"] = replaced["population.json"]
      states.append(("decided", state))
      state["\(place)/windows.jsonl"] = replaced["\(place)/windows.jsonl"]
      states.append(("with its history", state))
      state["\(place)/\(checkpoint)"] = replaced["\(place)/\(checkpoint)"]
      states.append(("with its checkpoint", state))
      for (name, state) in states {
        try state.write(to: search.path)
        let run = try search.run(ranks: name == "decided" ? 2 : nil)
        #expect(run.exitCode == 0 && run.errors.isEmpty, "\(name): \(run.errors)")
        try expect(search, is: reference, "\(name)")
      }

      // A source that cannot be read is named, and nothing is lost.
      let broken = "trials/\(Self.name(source))/\(checkpoint)"
      var damaged = replaced
      damaged[broken] = Data("damaged".utf8)
      try damaged.write(to: search.path)
      let run = try search.run(ranks: nil)
      #expect(run.exitCode != 0 && run.errors.contains("is to take over trial \(source)"))
      #expect(run.errors.contains(broken), "\(run.errors)")
    }

    /// The heir's checkpoint is the source's but for φ, the end of the schedule, seconds and the start.
    private func expectTakenOver(
      _ search: TinyTrials, trial: String, source: Int, checkpoint: String
    ) throws {
      let own = try CheckpointFile(verifying: "\(search.path)/\(trial)/\(checkpoint)")
      let taken = try CheckpointFile(
        verifying: "\(search.path)/trials/\(Self.name(source))/\(checkpoint)")
      #expect(own.tensors.header.entries == taken.tensors.header.entries)
      for entry in own.tensors.header.entries {
        let bytes = try [own, taken].map { file in
          let start = file.tensors.dataStart
          return try file.tensors.input.bytes(
            at: start + entry.bytes.lowerBound..<start + entry.bytes.upperBound)
        }
        let changes = ["hyperparameters", "schedule"].contains(entry.name)
        #expect((bytes[0] == bytes[1]) == !changes, "\(entry.name)")
      }
      #expect(own.record.progress.schedule.dropLast() == taken.record.progress.schedule.dropLast())
      #expect(own.record.progress.schedule.last != taken.record.progress.schedule.last)
      var record = own.record
      record.progress.elapsed = taken.record.progress.elapsed
      record.progress.schedule = taken.record.progress.schedule
      #expect(record == taken.record)
      #expect(own.configuration != taken.configuration)
    }

    @Test("a trial that failed takes over another, and its windows are paid for once")
    func revived() throws {
      let search = try TinyTrials([
        "search", "--strategy", "pbt", "--every", "3", "--range", "learning-rate=0.01,0.02,0.9",
        "--set", "divergence.policy=stop",
      ])
      let run = try search.run(ranks: 2)
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      let summary = try search.json("summary.json")
      #expect(summary["failed"]?.int == 0 && summary["finished"]?.int == 3, "\(run.output)")
      let heir = try #require(try generations(search).first?["heirs"]?.array?.first)
      let trained = try #require(heir["windows"]?.int)
      #expect(heir["trial"]?.int == 3 && trained < 3)
      let rows = try search.bytes("trials.jsonl").split(separator: UInt8(ascii: "\n")).map {
        try JSONValue(parsing: $0)
      }
      let passes = rows.compactMap { $0["passes"]?.double }
      #expect(passes.count == 3)
      // Six windows but those that it took over.
      let expected = passes[0] * Double(6 - (3 - trained)) / 6
      #expect(abs(passes[2] - expected) <= 1e-9 * passes[0])
      #expect(search.bytes("trials/003/failure.json").isEmpty)
    }

    @Test("what was damaged is named in a sentence, and nothing is overwritten")
    func damaged() throws {
      let search = try TinyTrials(Self.plain)
      #expect(try search.run(ranks: nil).exitCode == 0)
      let files = FileManager.default
      try files.removeItem(atPath: "\(search.path)/summary.json")
      let whole = try Snapshot(of: search.path)
      let heir = try #require(try generations(search).last?["heirs"]?.array?.first)
      let trial = try #require(heir["trial"]?.int)
      let place = "trials/\(Self.name(trial))"
      let checkpoints = whole.names.filter { $0.hasPrefix("\(place)/checkpoints/") }
      let generations = String(decoding: whole["population.json"] ?? Data(), as: UTF8.self)
      let cases: [([String: Data?], String)] = [
        (["population.json": Data("{".utf8)], "is not JSON"),
        (["population.json": nil], "does not tell of the generation after window 2"),
        (
          [
            "population.json": Data(
              generations.replacingOccurrences(of: "\"window\":4", with: "\"window\":5").utf8)
          ], "does not tell of the generation after window 4"
        ),
        (
          Dictionary(uniqueKeysWithValues: checkpoints.map { ($0, Data("damaged".utf8)) }),
          "and there is no checkpoint since then"
        ),
      ]
      for (changes, words) in cases {
        var state = whole
        for (name, content) in changes { state[name] = content }
        try state.write(to: search.path)
        let run = try search.run(ranks: nil)
        #expect(run.exitCode != 0 && run.errors.contains(words), "\(words): \(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        #expect(
          search.bytes("\(place)/windows.jsonl") == Array(whole["\(place)/windows.jsonl"] ?? Data())
        )
      }
      try whole.write(to: search.path)
      let other = try search.run(ranks: nil, options: ["--trials", "6"])
      #expect(
        other.exitCode == 64 && other.errors.contains("keeps its 5 trials"), "\(other.errors)")
    }
  }
}

/// The files of a folder.
private struct Snapshot {
  private var files: [String: Data] = [:]

  init(of path: String) throws {
    for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
      if let data = FileManager.default.contents(atPath: "\(path)/\(name)") { files[name] = data }
    }
  }

  var names: [String] { files.keys.sorted() }

  subscript(name: String) -> Data? {
    get { files[name] }
    set { files[name] = newValue }
  }

  /// Replaces all that is there.
  func write(to path: String) throws {
    try FileManager.default.removeItem(atPath: path)
    for (name, data) in files {
      let url = URL(fileURLWithPath: "\(path)/\(name)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url)
    }
  }
}
