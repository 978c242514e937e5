import Presentation
import Storage

/// The weights of training examples, and the accuracy per class.
enum ExampleFigures {
  /// The weight per class, the learned function from loss to weight, or both.
  static func weights(_ runs: [ReportedRun]) -> [ReportFigure] {
    runs.flatMap { run -> [ReportFigure] in
      let lines = run.record.weights
      func has(_ key: String) -> Bool { lines.contains { $0[key] != nil } }
      let classes =
        has("class_weights")
        ? plot(
          run, lines, "Weights of the classes", x: "class",
          place: { _, index in Double(index) }, "class_weights") : nil
      let losses =
        has("weights")
        ? plot(
          run, lines, "Weight of an example by its loss", x: "loss",
          place: { line, index in
            line["losses"]?.array.flatMap { index < $0.count ? $0[index].double : nil } ?? .nan
          }, "weights") : nil
      return [classes, losses].compactMap { $0 }
    }
  }

  private static func plot(
    _ run: ReportedRun, _ lines: [JSONValue], _ title: String, x: String,
    place: (JSONValue, Int) -> Double, _ key: String
  ) -> ReportFigure? {
    SeriesPlot(
      title: "\(title), \(run.name)",
      caption: "After the first window, the middle one and the last.", x: x, y: "weight",
      series: milestones(lines).enumerated().map { colour, milestone in
        let line = milestone.element
        let weights = line[key].flatMap(RecordedMembers.numbers) ?? []
        return SeriesPlot.Series(
          title: "window \(line["window"]?.int ?? 0)",
          points: weights.enumerated().map { (place(line, $0.offset), $0.element) },
          look: .numbered(colour))
      }
    ).figure
  }

  /// A group of bars per class, one bar per run.
  static func classAccuracies(_ runs: [ReportedRun]) -> ReportFigure? {
    let finished = runs.compactMap { run -> (run: ReportedRun, shares: [Double])? in
      let shares = run.record.summary?["test_class_accuracies"].flatMap(RecordedMembers.numbers)
      return shares.map { (run, $0) }
    }
    guard let classes = finished.map(\.shares.count).max(), classes > 0 else { return nil }
    var script = GnuplotScript()
    script.axes(x: "class", y: "accuracy, %")
    let width = 0.8 / Double(finished.count)
    script.command("set boxwidth \(0.92 * width)")
    script.command("set xrange [-0.7:\(Double(classes) - 0.3)]")
    script.command("set yrange [0:100]")
    script.command("set xtics \(classes <= 20 ? 1 : 10)")
    for (place, entry) in finished.enumerated() {
      let shift = (Double(place) + 0.5) * width - 0.4
      let block = script.data(
        entry.shares.enumerated().map { [Double($0.offset) + shift, 100 * $0.element] })
      script.curve(
        block, "using 1:2 with boxes \(entry.run.look.fill)", title: entry.run.name)
    }
    let images = finished.lazy.compactMap { entry in
      entry.run.record.summary?["training_images_per_class"].flatMap(RecordedMembers.numbers)
    }.first
    return ReportFigure(
      title: "Test accuracy of each class", caption: "Finished runs only.", script: script,
      width: classes > 20 ? 1100 : 560,
      table: HTMLTable(
        header: ["class", "training images"] + finished.map(\.run.name),
        rows: (0..<classes).map { number in
          [
            "\(number)",
            images.flatMap { number < $0.count ? NumberText.wholeOrBrief($0[number]) : nil } ?? "",
          ]
            + finished.map {
              number < $0.shares.count ? NumberText.percent($0.shares[number]) : ""
            }
        }))
  }
}
