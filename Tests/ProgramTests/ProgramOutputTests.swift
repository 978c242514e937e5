import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Settings

extension ProgramTests {
  /// Standard output that cannot be written, and readers that leave.
  @Suite("Standard output") struct StandardOutputs {
    /// Runs a line of shell script with the program as `$P`.
    private func shell(_ script: String, environment: [String: String] = [:]) throws -> Command {
      try Command.run(
        arguments: ["bash", "-c", script],
        environment: ["P": MultiRankRun.path(of: "glocal-dist"), "GLOCAL_DATA": ""]
          .merging(environment) { $1 })
    }

    @Test(
      "whatever cannot be written ends with 70 and a sentence",
      arguments: [
        "presets", "presets lenet-mnist", "--help", "run --help", "help search", "--version",
        "doctor", "plan glyphs --json --rates $R", "plan glyphs --rates $R",
        "export $RUN --schedule csv", "export $RUN --schedule torch", "replay $RUN",
        "report $RUN -o $R.html", "--generate-completion-script bash",
      ])
    func full(command: String) throws {
      let run = try TinyRun.shared()
      run.expectSuccess()
      let folder = try TemporaryFolder()
      let rates = folder.path("rates.json")
      let network = try Configuration().expectedModel()
      try Data(
        """
        {"rates": {"gradient": 1, "tangent": 1, "validation": 1, "update": 1, "shard": 16,
        "parameters": \(network.parameters.count)}}
        """.utf8
      ).write(to: URL(fileURLWithPath: rates))
      let places = ["R": rates, "RUN": run.folder.path("run")]
      let fine = try shell("$P \(command) > /dev/null", environment: places)
      #expect(fine.status == 0, "\(command): \(fine.output)")
      let full = try shell("$P \(command) > /dev/full", environment: places)
      #expect(full.status == 70, "\(command)")
      #expect(
        full.output.hasPrefix(
          "glocal-dist: cannot write standard output: No space left on device."),
        "\(full.output)")
      let closed = try shell("$P \(command) >&-", environment: places)
      #expect(closed.status == 70, "\(command)")
    }

    @Test("a training goes on when its reader has seen enough", arguments: ["", "--ranks 2"])
    func readerLeaves(ranks: String) throws {
      let folder = try TemporaryFolder()
      let images = try SmallIDX.folder()
      let arguments = TinyRun.arguments(["inner.steps=120"], images).joined(separator: " ")
      let result = try shell(
        "$P \(arguments) \(ranks) --output \(folder.path("run")) | head -1; exit ${PIPESTATUS[0]}")
      #expect(result.status == 0, "\(result.output)")
      #expect(FileManager.default.fileExists(atPath: folder.path("run/summary.json")))
      #expect(result.output.split(separator: "\n").count == 1, "\(result.output)")
    }

    @Test(
      "a training that cannot be seen keeps its results and ends with 70",
      arguments: ["", "--ranks 2"])
    func unseen(ranks: String) throws {
      let folder = try TemporaryFolder()
      let images = try SmallIDX.folder()
      let arguments = TinyRun.arguments([], images).joined(separator: " ")
      for (number, target) in ["> /dev/full", ">&-"].enumerated() {
        let path = folder.path("run\(number)")
        let result = try shell("$P \(arguments) \(ranks) --output \(path) \(target)")
        #expect(result.status == 70, "\(target): \(result.output)")
        #expect(result.output.contains("cannot write standard output: "), "\(result.output)")
        #expect(FileManager.default.fileExists(atPath: "\(path)/summary.json"))
      }
    }

    @Test("no result goes where a closed standard output was")
    func closedFiles() throws {
      let folder = try TemporaryFolder()
      let images = try SmallIDX.folder()
      let arguments = TinyRun.arguments([], images).joined(separator: " ")
      let open = try shell("$P \(arguments) --output \(folder.path("open"))")
      #expect(open.status == 0)
      let closed = try shell("$P \(arguments) --output \(folder.path("closed")) <&- >&- 2>&-")
      #expect(closed.status == 70)
      for file in ["trajectory.jsonl", "config.yaml"] {
        #expect(
          FileManager.default.contents(atPath: folder.path("open/\(file)"))
            == FileManager.default.contents(atPath: folder.path("closed/\(file)")), "\(file)")
      }
    }

    @Test(
      "memory that the libraries cannot have is refused at the start", arguments: ["", "--ranks 2"])
    func addressSpace(ranks: String) throws {
      let folder = try TemporaryFolder()
      let images = try SmallIDX.folder()
      let arguments = TinyRun.arguments([], images).joined(separator: " ")
      let result = try shell(
        // Too little with one thread, too: the tests may have been told to have one.
        "ulimit -v 340000; exec timeout -s KILL 50 $P \(arguments) \(ranks) "
          + "--output \(folder.path("run"))")
      #expect(result.status == 64, "\(result.output)")
      #expect(result.output.contains("raise `ulimit -v`"), "\(result.output)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
    }
  }
}
