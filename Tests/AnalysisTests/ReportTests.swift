import Foundation
import TestSupport
import Testing

@testable import Analysis
@testable import Presentation
@testable import Runs

@Suite struct ReportNumbers {
  @Test func quantilesLieBetweenNeighbours() {
    let quantiles = Quantiles([4, .nan, 1, 3, 2])
    #expect([0, 0.5, 1].map(quantiles.value) == [1, 2.5, 4])
    #expect(quantiles.bulk == nil)
    #expect(Quantiles([]).value(0.5).isNaN)
    let range = Quantiles((0..<100).map { Double($0) } + [1e6]).bulk
    #expect(range.map { $0.contains(99) && !$0.contains(1e6) } == true)
  }

  @Test func aLegendOfManyCurvesTakesNoRoomFromThem() {
    let long = (0..<12).map { "default, learning-rate 0.\($0), seed 11" }
    #expect(SeriesPlot.legendHeight(long, width: 560) == 20 * 11)
    #expect(SeriesPlot.legendHeight(["a", "b", "c"], width: 560) == 0)
    #expect(SeriesPlot.legendHeight(Array(repeating: "run", count: 7), width: 560) == 20 * 2)
    #expect(SeriesPlot.legendHeight([], width: 560) == 0)
    // A longer title is cut, so it takes no more room.
    #expect(SeriesPlot.legendHeight([String(repeating: "x", count: 900)], width: 560) == 0)
  }

  @Test func textIsEscaped() {
    #expect(
      HTMLText.escaped("<a href='x'>&\"\u{1}") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\u{FFFD}")
  }
}

@Suite struct TrialLabels {
  @Test("a trial is called by its method and by what differs among the trials")
  func labels() throws {
    let folder = try TemporaryFolder()
    let lines = [
      (1, "paper", 0.1, 0), (2, "paper", 0.01, 0), (3, "none", 0.1, 1),
    ].map {
      "{\"trial\":\($0.0),\"name\":\"\($0.1)\",\"seed\":\"\($0.3)\",\"learning-rate\":\($0.2),"
        + "\"momentum\":0.9,\"status\":\"finished\"}\n"
    }
    try lines.joined().write(
      toFile: folder.path("trials.jsonl"), atomically: true, encoding: .utf8)
    #expect(TrialLabel.of(folder.path("trials/002")) == "paper, learning-rate 0.01, seed 0")
    #expect(TrialLabel.of(folder.path("trials/003/")) == "none, learning-rate 0.1, seed 1")
    #expect(TrialLabel.of(folder.path("trials/004")) == nil)
    #expect(TrialLabel.of(folder.path("elsewhere/001")) == nil)
    let label = try #require(TrialLabel(of: folder.path("trials/002")))
    #expect(label.without(["seed 0"]).text == "paper, learning-rate 0.01")
  }
}

@Suite struct ReportWords {
  @Test("a log tells of the preset, the command and the date")
  func origins() {
    let run = RecordedOrigin(line: "2026-01-31T23:59:00+0100  glyphs: glocal, 11400 training")
    #expect(run.preset == "glyphs" && run.command == nil && run.date == "2026-01-31 23:59")
    let search = RecordedOrigin(line: "2026-01-31T23:59:00+0100  search my set: 9 trials")
    #expect(search.preset == "my set" && search.command == "search")
    for line in ["", "nothing", "2026-01-31T23:59:00+0100", "2026-01-31T23:59:00+0100  no colon"] {
      #expect(RecordedOrigin(line: line).preset == nil)
    }
  }

  @Test(
    arguments: [
      (0.9395, "93.95 %"), (0, "0.00 %"), (1, "100.00 %"), (0.00004, "0.00 %"), (-0.5, "-50.00 %"),
      (.nan, "nan %"), (.infinity, "inf %"), (1e300, "1e302 %"),
    ])
  func percent(share: Double, text: String) { #expect(NumberText.percent(share) == text) }

  /// Trials of a made-up table, with a window each.
  private func records(_ trials: [(method: String, rate: Double)]) throws -> (
    TemporaryFolder, [RecordedRun]
  ) {
    let folder = try TemporaryFolder()
    let lines = trials.enumerated().map {
      "{\"trial\":\($0 + 1),\"name\":\"\($1.method)\",\"seed\":\"11\",\"learning-rate\":\($1.rate),"
        + "\"status\":\"finished\"}\n"
    }
    // A line that is not shown, so that the seed differs among all.
    let other =
      "{\"trial\":99,\"name\":\"a\",\"seed\":\"12\",\"learning-rate\":1,\"status\":\"left\"}\n"
    try (lines.joined() + other).write(
      toFile: folder.path("trials.jsonl"), atomically: true, encoding: .utf8)
    let records = try trials.indices.map { index in
      let path = folder.path("trials/00\(index + 1)")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try configuration([]).yaml(comments: false).write(
        toFile: "\(path)/config.yaml", atomically: true, encoding: .utf8)
      return try RecordedRun(path: path)
    }
    return (folder, records)
  }

  @Test("two methods from the same starts: a colour for each start, whole and broken lines")
  func pairs() throws {
    let (_, six) = try records(
      [0.001, 0.01, 0.1].flatMap { [("paper", $0), ("default", $0)] })
    let names = RunNames(six)
    #expect(names.names[0] == "paper, learning-rate 0.001")
    #expect(names.looks.map(\.place) == [0, 0, 1, 1, 2, 2])
    #expect(names.looks.map(\.dash) == [2, 1, 2, 1, 2, 1])
  }

  @Test("other runs have a colour each")
  func colours() throws {
    let (_, three) = try records([("a", 0.1), ("b", 0.1), ("c", 0.1)])
    #expect(RunNames(three).looks.map(\.place) == [0, 1, 2])
    #expect(RunNames(three).names == ["a", "b", "c"])
    let (_, two) = try records([("a", 0.1), ("b", 0.1)])
    #expect(RunNames(two).looks.map(\.dash) == [1, 1])
    // Not every start has both.
    let (_, odd) = try records([("a", 0.1), ("b", 0.1), ("a", 0.2)])
    #expect(RunNames(odd).looks.map(\.place) == [0, 1, 2])
    #expect(CurveLook.numbered(9) == CurveLook(place: 9, dash: 2))
  }
}

@Suite struct DerivedFiles {
  @Test("a pipe is written to, not replaced by a file")
  func pipe() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try DerivedFile.write("text", to: path)
    var bytes = [UInt8](repeating: 0, count: 8)
    #expect(read(reader, &bytes, 8) == 4 && bytes.prefix(4).elementsEqual("text".utf8))
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    #expect(try folder.names == ["pipe"])
  }
}
