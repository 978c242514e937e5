import Foundation
import Testing

@testable import Experiments

extension ProgramTests {
  /// Configurations that come from somewhere else than a file.
  @Suite("Configurations from pipes") struct Configurations {
    /// Where the text is, and the ranks: of a launcher, or of `--ranks`.
    enum Way: CaseIterable, Sendable { case dash, device, pipe }

    private func arguments(_ folder: TemporaryFolder, _ images: TemporaryFolder) -> [String] {
      TinyRun.arguments([], images) + ["--output", folder.path("run"), "--quiet"]
    }

    @Test(
      "reach all ranks", arguments: [Way.dash, .device, .pipe],
      [(nil, []), (2, []), (nil, ["--ranks", "2"])] as [(Int?, [String])])
    func reachesAllRanks(way: Way, start: (ranks: Int?, options: [String])) throws {
      let folder = try TemporaryFolder()
      let images = try SmallIDX.folder()
      let text = folder.path("text")
      try Data("# from a pipe\nseed: 77\n".utf8).write(to: URL(fileURLWithPath: text))
      var path = way == .dash ? "-" : "/dev/stdin"
      let writer = Process()
      if way == .pipe {
        path = folder.path("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        writer.executableURL = URL(fileURLWithPath: "/bin/sh")
        writer.arguments = ["-c", "cat \"$1\" >\"$2\"", "sh", text, path]
        try writer.run()
      }
      let run = try ProgramUnderTest.run(
        arguments(folder, images) + start.options + ["--config", path], ranks: start.ranks,
        input: way == .pipe ? nil : text)
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      let yaml = try folder.text("run/config.yaml")
      #expect(yaml.contains("seed: 77\n"))
      let summary = try JSONValue(parsing: Array(folder.text("run/summary.json").utf8))
      #expect(summary["ranks"]?.int == (start.ranks ?? (start.options.isEmpty ? 1 : 2)))
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
