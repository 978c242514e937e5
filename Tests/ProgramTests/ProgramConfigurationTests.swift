import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Storage

extension ProgramTests {
  /// Configurations that come from somewhere else than a file.
  @Suite("Configurations from pipes") struct Configurations {
    /// What `--config` names, and the ranks: of a launcher, or of `--ranks`.
    struct Start: Sendable {
      enum Way: Sendable { case dash, device, pipe }
      let way: Way
      var ranks: Int?
      var options: [String] = []
    }

    /// Runs with a text that comes through a pipe.
    private func run(_ yaml: String, _ start: Start, _ folder: TemporaryFolder) throws
      -> MultiRankRun
    {
      let images = try SmallIDX.folder()
      let text = folder.path("text")
      try Data(yaml.utf8).write(to: URL(fileURLWithPath: text))
      var path = start.way == .dash ? "-" : "/dev/stdin"
      if start.way == .pipe {
        path = folder.path("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let writer = Process()
        writer.executableURL = URL(fileURLWithPath: "/bin/sh")
        writer.arguments = ["-c", "cat \"$1\" >\"$2\"", "sh", text, path]
        try writer.run()
      }
      return try ProgramUnderTest.run(
        TinyRun.arguments([], images) + ["--output", folder.path("run"), "--quiet"]
          + start.options + ["--config", path],
        ranks: start.ranks, input: start.way == .pipe ? nil : text)
    }

    @Test(
      "are trained with",
      arguments: [
        Start(way: .dash), Start(way: .device), Start(way: .pipe), Start(way: .dash, ranks: 2),
        Start(way: .dash, options: ["--ranks", "2"]), Start(way: .pipe, options: ["--ranks=2"]),
      ])
    func trains(start: Start) throws {
      let folder = try TemporaryFolder()
      let run = try run("# from a pipe\nseed: 77\n", start, folder)
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      #expect(try folder.text("run/config.yaml").contains("seed: 77\n"))
      let summary = try JSONValue(parsing: Array(folder.text("run/summary.json").utf8))
      #expect(summary["ranks"]?.int == (start.options.isEmpty ? start.ranks ?? 1 : 2))
    }

    /// Were it not shared, only the first rank would refuse it, with exit code 70.
    @Test(
      "are shared with all ranks",
      arguments: [
        Start(way: .dash, ranks: 3), Start(way: .device, ranks: 3), Start(way: .pipe, ranks: 3),
        Start(way: .dash, options: ["--ranks", "3"]), Start(way: .dash),
      ])
    func isShared(start: Start) throws {
      let folder = try TemporaryFolder()
      let run = try run("seed: 1\nseeds: 2\n", start, folder)
      let name = start.way == .pipe ? folder.path("pipe") : "standard input"
      #expect(run.exitCode == 64)
      #expect(
        run.errorLines == ["glocal-dist: \(name):2: seeds: unknown key. Did you mean seed?"])
    }

    @Test("without a key are refused", arguments: [nil, 2])
    func empty(ranks: Int?) throws {
      try BadInput(
        arguments: ["--config", "-"], "standard input: holds no key. Write one, or {}"
      ).expectRefusal(ranks: ranks)
      try BadInput(arguments: ["--config", "/dev/null"], "/dev/null: holds no key").expectRefusal(
        ranks: ranks)
      try BadInput(arguments: ["--config", "/dev/zero"], "is longer than 1 MB").expectRefusal(
        ranks: ranks)
    }
  }

  /// Parameters that cannot be read to their end.
  @Suite("Parameters that are no file") struct ParametersFromPipes {
    @Test("are refused", arguments: [nil, 2])
    func pipe(ranks: Int?) throws {
      let folder = try TemporaryFolder()
      let path = folder.path("pipe")
      #expect(mkfifo(path, 0o600) == 0)
      try BadInput(["initial.parameters=\(path)"], "it is a pipe or a device, not a file")
        .expectRefusal(ranks: ranks)
    }
  }
}
