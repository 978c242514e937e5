import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Runs
@testable import Settings
@testable import Storage

extension ProgramTests {
  /// A folder belongs to one process at a time.
  @Suite("Several starts") struct SeveralStarts {
    @Test(
      "in one folder: one trains, and everything there is its own", arguments: ["run", "search"])
    func oneFolder(command: String) throws {
      let (folder, images) = (try TemporaryFolder(), try SmallIDX.folder())
      let starts = try (1...4).map { seed in
        try RunningRanks(
          "glocal-dist",
          [command, "glyphs"] + TinyRun.arguments(["seed=\(seed)"], images)
            + (command == "search" ? ["--trials", "1"] : []) + ["--output", folder.path("out")],
          ranks: nil, environment: ["GLOCAL_DATA": ""])
      }
      let ends = try starts.map { try $0.finish() }
      let winners = ends.indices.filter { ends[$0].exitCode == 0 }
      try #require(winners.count == 1, "\(ends.map(\.errors))")
      for loser in ends.indices where loser != winners[0] {
        #expect(ends[loser].exitCode == 64 && ends[loser].errorLines.count == 1)
        #expect(ends[loser].errors.contains("already holds a run"), "\(ends[loser].errors)")
      }
      var reader = ConfigurationReader(over: Preset.glyphs.configuration)
      try reader.read(yaml: folder.text("out/config.yaml"), name: "config.yaml")
      let seed = try reader.checked().seed
      #expect(seed == UInt64(winners[0] + 1))
      #expect(
        try folder.text("out/run.log").split(separator: "\n").count { $0.contains("rank(s)") } >= 1)
      guard command == "run" else { return }
      #expect(try folder.text("out/summary.json").contains("\"seed\": \"\(seed)\""))
    }

    @Test("in the same second, without a name: each has a folder")
    func dated() throws {
      let (folder, images) = (try TemporaryFolder(), try SmallIDX.folder())
      let program = try MultiRankRun.path(of: "glocal-dist")
      let arguments = TinyRun.arguments([], images).map { "'\($0)'" }.joined(separator: " ")
      let end = try Command.run(
        // Not sh: its wait needs SIGCHLD, which the process that runs the tests may have blocked.
        "bash", "-c",
        "cd \(folder.path) && for i in 1 2 3 4; do \(program) run glyphs \(arguments) --quiet & done; wait"
      )
      #expect(end.output.isEmpty, "\(end.output)")
      let names = FolderListing.names(in: folder.path("runs"))
      #expect(names.count == 4, "\(names)")
      for name in names { #expect(try folder.text("runs/\(name)/summary.json").contains("seed")) }
    }

    @Test("--resume waits for a start that is dying, whatever it leaves", arguments: [nil, 2])
    func dying(ranks: Int?) throws {
      for leavesConfiguration in [false, true] {
        let reference = try TinyRun.shared()
        let run = try ResumableRun([])
        try FileManager.default.createDirectory(
          atPath: run.path, withIntermediateDirectories: false)
        var owner: (folder: RunFolder, log: RunLog)? = try RunFolder.begin(at: .named(run.path))
        let started = try run.start(ranks: ranks)
        sleep(2)
        #expect(started.isRunning)
        if leavesConfiguration {
          try owner?.folder.writeConfiguration(
            RunFolder.configuration(of: reference.folder.path("run")).yaml(comments: false))
        }
        owner = nil
        let end = try started.finish()
        #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
        try run.expectResults(of: reference, "after \(leavesConfiguration)")
      }
    }
  }

  /// What a search goes on with.
  @Suite("Searches with changed files") struct ChangedSearches {
    private func finished() throws -> TinyTrials {
      let search = try TinyTrials(["search", "--trials", "2", "--no-halving"])
      #expect(try search.run(ranks: nil).exitCode == 0)
      try FileManager.default.removeItem(atPath: "\(search.path)/summary.json")
      return search
    }

    private func expectRefusal(
      _ search: TinyTrials, _ words: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      for ranks in [nil, 2] as [Int?] {
        let end = try search.run(ranks: ranks)
        #expect(
          end.exitCode == 64 && end.errorLines.count == 1, "\(end.errors)",
          sourceLocation: sourceLocation)
        for word in words {
          #expect(end.errors.contains(word), "\(end.errors)", sourceLocation: sourceLocation)
        }
      }
    }

    @Test("other images of the same sizes, changed windows, a checkpoint that does not fit")
    func refused() throws {
      let search = try finished()
      let labels = search.images.path("mnist/t10k-labels-idx1-ubyte")
      let original = try Data(contentsOf: URL(fileURLWithPath: labels))
      var other = original
      other[10] = 9
      try other.write(to: URL(fileURLWithPath: labels))
      try expectRefusal(search, ["The images are not those", "--data"])
      try original.write(to: URL(fileURLWithPath: labels))

      let windows = "\(search.path)/trials/002/windows.jsonl"
      let text = try String(contentsOfFile: windows, encoding: .utf8)
      try text.replacing("\"window\":3", with: "\"window\":4")
        .write(toFile: windows, atomically: true, encoding: .utf8)
      try expectRefusal(search, [windows, "is not the file that the checkpoint"])
      try text.write(toFile: windows, atomically: true, encoding: .utf8)

      let checkpoint = "\(search.path)/trials/001/checkpoints/window-000006.safetensors"
      let bytes = try Data(contentsOf: URL(fileURLWithPath: checkpoint))
      var forged = try ForgedCheckpoint(of: checkpoint)
      forged.reshape("parameters", to: [3])
      try forged.write(to: checkpoint)
      try expectRefusal(search, [checkpoint, "its parameters is [3]"])
      try bytes.write(to: URL(fileURLWithPath: checkpoint))

      let end = try search.run(ranks: nil)
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
    }

    @Test("a trial whose checkpoints are gone starts over, and keeps what it had")
    func gone() throws {
      let search = try finished()
      let before = search.bytes("trials/001/windows.jsonl")
      let results = try search.results()
      try FileManager.default.removeItem(atPath: "\(search.path)/trials/001/checkpoints")
      let end = try search.run(ranks: nil)
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      #expect(search.bytes("trials/001/aside-1/windows.jsonl") == before)
      #expect(!search.bytes("trials/001/aside-1/summary.json").isEmpty)
      #expect(try search.results() == results)
    }
  }
}
