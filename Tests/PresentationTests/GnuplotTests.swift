import Foundation
import TestSupport
import Testing

@testable import Presentation

@Suite struct Drawing {
  @Test("without gnuplot there is no picture, and a remedy")
  func absent() {
    #expect(Gnuplot.draw("plot sin(x)", path: "/nowhere") == .absent)
    #expect(Gnuplot.remedy.contains("gnuplot-nox"))
  }

  @Test(
    "text is taken as it is, and black is the page's colour",
    .enabled(if: GnuplotFixture.isThere, "gnuplot is not installed"))
  func draws() throws {
    var script = GnuplotScript()
    script.axes(x: "a_b^c", y: "it's {5} % <y>")
    let block = script.data([[0, 1], [1, .nan], [2, -.infinity], [3, 2e-9]])
    script.curve(block, "using 1:2 with points pointtype 7", title: "one & 'two'\nthree")
    let drawing = try #require(Gnuplot.draw(script.text, width: 300, height: 200).drawing)
    for text in ["a_b^c", "it's {5} % &lt;y", "one &amp; 'two' three"] {
      #expect(drawing.document.contains(text), "\(text)")
    }
    let element = drawing.element(identifier: "figure1", title: "<b>")
    #expect(element.contains("<title>&lt;b&gt;</title>") && !element.contains("http"))
    #expect(!element.contains("'black'") && !element.contains("\"black\""))
    #expect(element.contains("id='figure1-gpPt6'") && element.contains("href='#figure1-gpPt6'"))
  }

  /// Whatever a folder or a configuration may be called.
  static let names = [
    "'", "''", "\"", "\\", "a\\nb\\101", "{/Bold x}", "a_b^c@d~e&f", "`touch here`", "$(date)",
    "%s %d %%",
    "#", "ü 日本 🙂", "\u{1}\u{7f}", "<b>&amp;</b>", " ", "@macro", "one\ntwo\r\nthree", "-",
    "stroke='black' id='x' href='#y'",
  ]

  @Test(
    "any text comes out as it is, as a title, on an axis, at a tic and in the picture",
    .enabled(if: GnuplotFixture.isThere, "gnuplot is not installed"), arguments: names)
  func anyText(name: String) throws {
    var script = GnuplotScript()
    script.axes(x: name, y: name)
    script.label(name, x: 1, y: 0.5, "center")
    script.command("set xtics (\(GnuplotText.ticLabel(name)) 1)")
    let block = script.data([[0, 1], [1, 0], [2, 2]])
    script.curve(block, "using 1:2 with lines", title: name)
    let drawing = try #require(Gnuplot.draw(script.text).drawing, "\(Gnuplot.draw(script.text))")
    let shown = name.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\n", "\r": " "
      case "\u{1}", "\u{7f}": "\u{FFFD}"
      default: String(scalar)
      }
    }.joined()
    let folder = try TemporaryFolder()
    try drawing.document.write(
      toFile: folder.path("x.svg"), atomically: true, encoding: .utf8)
    // Read by a parser of its own: every text of the picture, one a line.
    let read = """
      import sys, xml.dom.minidom as m
      for e in m.parse(sys.argv[1]).getElementsByTagName("text"):
          print("".join(n.data for n in e.childNodes if n.nodeType == n.TEXT_NODE))
      """
    let texts = try Command.run("python3", "-c", read, folder.path("x.svg"))
    #expect(texts.status == 0, "\(texts.output)")
    if !shown.allSatisfy({ $0 == " " }) {
      let count = texts.output.split(separator: "\n").count { $0.contains(shown) }
      #expect(count == 5, "\(name): \(texts.output)")
    }
    #expect(try folder.names == ["x.svg"])
    // In the page, too, text is left alone.
    let element = drawing.element(identifier: "figure1", title: name)
    #expect(!name.hasPrefix("stroke") || element.contains("stroke='black' id='x' href='#y'"))
  }

  @Test("a long name keeps its beginning and its end, a percent sign of a tic its meaning")
  func longNames() {
    let long = "begin" + String(repeating: "x", count: 500) + "end"
    let quoted = GnuplotText.quoted(long, limit: 20)
    #expect(quoted.hasPrefix("\"beginxxxx") && quoted.hasSuffix("xxxxxxend\""))
    #expect(GnuplotText.shortened(long, to: 20).count == 20)
    #expect(GnuplotText.shortened("short", to: 20) == "short")
    #expect(GnuplotText.quoted("5 %") == "\"5 \\045\"")
    #expect(GnuplotText.ticLabel("5 %") == "\"5 \\045\\045\"")
    #expect(GnuplotText.quoted("a'`@") == "\"a\\047\\140\\100\"")
  }

  @Test(
    "a script that gnuplot does not take is its complaint",
    .enabled(if: GnuplotFixture.isThere, "gnuplot is not installed"))
  func refused() {
    guard case .refused(let complaint) = Gnuplot.draw("plot nonsense(x)") else {
      Issue.record("not refused")
      return
    }
    #expect(complaint.contains("nonsense") || complaint.contains("undefined function"))
  }
}
