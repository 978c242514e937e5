import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Analysis
@testable import Presentation

extension ResultTests {
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
      #expect(text.contains(": test accuracy \(NumberText.percent(accuracy))"))
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
