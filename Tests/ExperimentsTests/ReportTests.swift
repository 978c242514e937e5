import Foundation
import Testing

@testable import Experiments

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
  func percent(share: Double, text: String) { #expect(Percent.text(share) == text) }

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

extension ProgramTests {
  /// The page about runs.
  @Suite("Report") struct Reports {
    /// A check of the page by another reader of HTML: elements closed, names unique, nothing loaded.
    private static let check = """
      import sys, html.parser
      class Page(html.parser.HTMLParser):
          void = {"meta", "br", "link", "img", "input", "hr"}
          def __init__(self):
              super().__init__()
              self.open, self.ids, self.count = [], set(), {}
          def handle_starttag(self, tag, attrs):
              self.count[tag] = self.count.get(tag, 0) + 1
              if tag not in self.void: self.open.append(tag)
              for key, value in attrs:
                  if key == "id":
                      assert value not in self.ids, "twice: " + value
                      self.ids.add(value)
                  if key.endswith("href"):
                      assert value.startswith("#"), value
                      self.links = getattr(self, "links", []) + [value[1:]]
                  assert key not in ("src", "srcset", "action", "data"), (tag, key)
          def handle_startendtag(self, tag, attrs):
              self.handle_starttag(tag, attrs)
              if tag not in self.void: self.open.pop()
          def handle_endtag(self, tag):
              assert self.open and self.open.pop() == tag, (tag, self.getpos())
      text = open(sys.argv[1], encoding="utf-8").read()
      page = Page()
      page.feed(text)
      assert not page.open, page.open
      assert text.startswith("<!DOCTYPE html>")
      for word in ("http:", "https:", "@import", "<script", "<link", "url(/"):
          assert word not in text, word
      assert set(getattr(page, "links", [])) <= page.ids, set(page.links) - page.ids
      print("figures", page.count.get("figure", 0), "pictures", page.count.get("svg", 0))
      """

    private func checked(_ page: String) throws -> String {
      let result = try Command.run("python3", "-c", Self.check, page)
      #expect(result.status == 0, "\(result.output)")
      return result.output
    }

    @Test("of two runs side by side, one file that needs nothing else")
    func twoRuns() throws {
      let first = try TinyRun(["inner.steps=24"], ranks: 2)
      let second = try TinyRun(["method=none", "seed=1"])
      #expect(first.run.exitCode == 0 && second.run.exitCode == 0)
      // A folder may have any name.
      let odd = second.folder.path("a<b>&\"c'")
      try FileManager.default.moveItem(atPath: second.folder.path("run"), toPath: odd)
      let page = first.folder.path("page.html")
      let result = try ProgramUnderTest.run(
        ["report", first.folder.path("run"), odd, "--output", page])
      #expect(result.exitCode == 0 && result.errors.isEmpty, "\(result.errors)")
      #expect(result.output.hasSuffix("\(page)\n"))
      let text = try String(contentsOfFile: page, encoding: .utf8)
      #expect(text.contains("a&lt;b&gt;&amp;&quot;c&#39;"))
      #expect(text.contains("<tr class=\"differs\"><th scope=\"row\">method</th>"))
      #expect(text.contains("<th scope=\"row\">dmd.stacks</th>"))
      #expect(text.contains("<a href=\"#section1\">Results</a>"))
      let accuracy = try #require(try first.summary["test_accuracy"]?.double)
      #expect(text.contains("<p class=\"headline\">run, glyphs, glocal, 20"))
      #expect(text.contains(": test accuracy \(Percent.text(accuracy))"))
      #expect(text.contains("accuracy, %") && !text.contains("share right"))
      for title in ["Training loss", "learning-rate", "Eigenvalues, run", "Spectral radius"] {
        #expect(text.contains("<h3>\(title)</h3>"), "\(title)")
      }
      let words = try checked(page).split(separator: " ")
      let (figures, pictures) = (Int(words[1]) ?? 0, words[3].trimmingCharacters(in: .newlines))
      #expect(figures >= 12)
      #expect(pictures == (GnuplotFixture.isThere ? "\(figures)" : "0"))
      // Both ranks are in the table of phases.
      let seconds = try first.summary["seconds_by_rank"]?["training"]?.array ?? []
      #expect(seconds.compactMap(\.double).count == 2)
      #expect(seconds.compactMap(\.double).allSatisfy { $0 > 0 })
    }

    @Test("without gnuplot the page has tables and says what to install")
    func withoutGnuplot() throws {
      let run = try MadeUpRun(windows: 30, observed: 20, q: 385)
      let page = try RunReport(of: [run.path]).page(gnuplotIn: "/nowhere")
      #expect(page.notes == [Gnuplot.remedy])
      #expect(page.html.contains("gnuplot-nox") && !page.html.contains("<svg"))
      #expect(page.html.contains("<details open>"))
      let file = "\(run.path)/report.html"
      try page.html.write(toFile: file, atomically: true, encoding: .utf8)
      #expect(try checked(file).hasSuffix("pictures 0\n"))
    }

    @Test("of weights, of a run on its way, and into the folder by itself")
    func weights() throws {
      let run = try TinyRun(["task=reweighting", "reweighting.hidden=4"])
      #expect(run.run.exitCode == 0)
      let folder = run.folder.path("run")
      // As if it were still on: no summary, and a line that is being written.
      try FileManager.default.removeItem(atPath: run.path(.summary))
      let cut = String(decoding: run.bytes(.windows), as: UTF8.self) + "{\"window\":3,\"fi"
      try cut.write(toFile: run.path(.windows), atomically: true, encoding: .utf8)
      let result = try ProgramUnderTest.run(["report", folder])
      #expect(result.exitCode == 0, "\(result.errors)")
      let text = try String(contentsOfFile: "\(folder)/report.html", encoding: .utf8)
      #expect(text.contains("Weight of an example by its loss"))
      #expect(text.contains("<td>unfinished</td>") && text.contains("<td>2 of 2</td>"))
      _ = try checked("\(folder)/report.html")
      let refused = try ProgramUnderTest.run(["report", folder, "--output", run.path(.windows)])
      #expect(refused.exitCode == 64 && refused.errors.contains("nothing of a run is overwritten"))
      #expect(try ProgramUnderTest.run(["report", "/nowhere"]).exitCode == 64)
    }
  }
}
