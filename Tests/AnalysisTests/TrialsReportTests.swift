import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Analysis
@testable import Presentation
@testable import Runs
@testable import Storage

/// The page of a search or a comparison.
@Suite struct TrialsReports {
  @Test("of a search: history, coordinates, rungs, accuracy, and the best in the headline")
  func search() throws {
    let made = try MadeUpTrials()
    let page = try TrialsReport(of: made.path).page(gnuplotIn: nil)
    #expect(page.notes.isEmpty || page.notes == [Gnuplot.remedy])
    let html = page.html
    let titles = [
      "Test accuracy", "History", "Learning curves", "Parallel coordinates",
      "Who left at which rung",
    ]
    for title in titles { #expect(html.contains("<h3>\(title)</h3>"), "\(title)") }
    #expect(html.contains("<h1>Search on glyphs, 20"))
    #expect(html.contains("best: trial 9, learning-rate 0.09, test accuracy 99.00 %"))
    #expect(html.contains("9 trials: 1 finished, 7 left early, 1 failed, 12.5 s on 2 rank(s)"))
    #expect(html.contains("Training diverged in window 2: &lt;loss&gt; &amp; &#39;more&#39;."))
    #expect(html.contains("<tr class=\"differs\"><th scope=\"row\">9</th><td>0.09</td>"))
    if GnuplotFixture.isThere { #expect(html.components(separatedBy: "<svg").count == 6) }
  }

  @Test("who came to each rung, went on, left and failed")
  func rungs() throws {
    let made = try MadeUpTrials()
    let trials = ReportedTrials(try RecordedTrials(path: made.path))
    let bracket = try #require(trials.halvings.first)
    #expect(
      RungFigures.table(trials, bracket).rows == [
        ["window 1", "9", "7, 8, 9", "1, 2, 3, 4, 5, 6", "–"],
        ["window 2", "3", "9", "7", "8"],
        ["window 6", "1", "9", "–", "–"],
      ])
    #expect(trials.finished == [8] && trials.title(8) == "trial 9, learning-rate 0.09")
    #expect(trials.look(8) == CurveLook(place: 0, width: 2.6) && trials.look(0) == .quiet)
  }

  @Test("of a search that is still on")
  func unfinished() throws {
    let made = try MadeUpTrials(isOver: false)
    let html = try TrialsReport(of: made.path + "/").page(gnuplotIn: "/nowhere").html
    #expect(
      html.contains("9 trials: 0 finished, 8 on the way or left, 1 failed; it is not over yet"))
    #expect(!html.contains("<h3>Test accuracy</h3>") && html.contains("<h3>History</h3>"))
  }

  @Test("accuracy is the mean over seeds with its deviation")
  func spread() throws {
    let made = try MadeUpTrials(seeds: [0, 1, 2], isHalving: false)
    let trials = ReportedTrials(try RecordedTrials(path: made.path))
    let spreads = AccuracySpread.byStart(trials)
    #expect(spreads.count == 9)
    #expect(spreads.first?.name == "learning-rate 0.09")
    // 0.99, 1.00 and 1.01.
    #expect(spreads.first?.text == "100.00 ± 1.00 %")
    let html = try TrialsReport(of: made.path).page(gnuplotIn: "/nowhere").html
    #expect(html.contains("Every trial trains to its end: none is left early."))
  }

  @Test("of a comparison: a table for each budget and start")
  func comparison() throws {
    let made = try MadeUpTrials(seeds: [0, 1, 2], isHalving: false)
    let cells: [JSONValue] = (0..<3).map { seed in
      [
        "budget": "steps", "start": "learning-rate 0.01", "method": "none",
        "seed": .string("\(seed)"), "trial": .integer(seed + 1),
      ]
    }
    let failed: JSONValue = [
      "budget": "compute", "start": "", "method": "best-cosine", "seed": "0", "trial": nil,
    ]
    try JSONText.document(["command": "compare", "cells": .array(cells + [failed])])
      .write(toFile: "\(made.path)/compare.json", atomically: true, encoding: .utf8)
    let page = try TrialsReport(of: made.path).page(gnuplotIn: "/nowhere")
    #expect(page.html.contains("equal steps, from learning-rate 0.01: none 92.00 ± 1.00 %"))
    #expect(page.html.contains("equal compute: best-cosine –"))
    #expect(page.html.contains("<h3>Test accuracy, equal steps, from learning-rate 0.01</h3>"))
  }

  @Test("a damaged plan is named")
  func damaged() throws {
    let made = try MadeUpTrials()
    for text in [
      "{", "{}", "{\"trials\":[{\"trial\":2}],\"brackets\":[]}",
      "{\"trials\":[{\"trial\":1,\"name\":\"a\",\"configuration\":\"seed: 1\"}],"
        + "\"brackets\":[{\"trials\":[5],\"rungs\":[3],\"eta\":3}]}",
      "{\"trials\":[{\"trial\":1,\"name\":\"a\",\"configuration\":\"seed: 1\"}],"
        + "\"brackets\":[{\"trials\":[1],\"rungs\":[3,3],\"eta\":0}]}",
    ] {
      try text.write(toFile: "\(made.path)/plan.json", atomically: true, encoding: .utf8)
      let error = #expect(throws: RecordError.self) { try FolderReport(of: [made.path]) }
      #expect(error?.file == "\(made.path)/plan.json", "\(text)")
    }
  }

  @Test("values of a key that differs within a method are an axis, those of a method are none")
  func axes() throws {
    let entries = [("a", "0.1", 1), ("a", "0.2", 1), ("b", "0.1", 1), ("b", "0.2", 2)]
    let trials = try entries.enumerated().map { index, entry in
      let (name, rate, seed) = entry
      return Trial(
        number: index + 1, name: name,
        configuration: try configuration([
          "hyperparameters.learning-rate.initial=\(rate)", "seed=\(seed)",
          "dmd.stacks=\(name == "a" ? 3 : 4)",
        ]))
    }
    let axes = TrialAxis.all(of: trials)
    #expect(axes.map(\.name) == ["method", "learning-rate", "seed"])
    #expect(axes.label(of: 3) == "b, learning-rate 0.2, seed 2")
    #expect(axes.label(of: 3, hasSeed: false) == "b, learning-rate 0.2")
  }
}
