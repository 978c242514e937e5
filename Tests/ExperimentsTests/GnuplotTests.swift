import Foundation
import Testing

@testable import Experiments

/// Whether pictures can be drawn here.
enum GnuplotFixture {
  static let isThere = Gnuplot.draw("plot sin(x)") != .absent
}

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
