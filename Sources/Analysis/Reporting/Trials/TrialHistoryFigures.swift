import Presentation
import Runs

/// The trials' scores, by trial and by window.
enum TrialHistoryFigures {
  static func all(_ trials: ReportedTrials) -> [ReportFigure] {
    [history(trials), curves(trials)].compactMap { $0 }
  }

  /// Every trial's score by its number, and the best finished one so far.
  private static func history(_ trials: ReportedTrials) -> ReportFigure? {
    func points(_ status: TrialStatus) -> [(x: Double, y: Double)] {
      trials.trials.indices.filter { trials.record.status(of: $0) == status }.compactMap { trial in
        trials.lastValue(trial).map { (Double(trials.trials[trial].number), $0) }
      }
    }
    let finished = points(.finished)
    let isLoss = trials.record.plan.criterion == .loss
    var best: [(x: Double, y: Double)] = []
    for point in finished where point.y.isFinite {
      let value = best.last.map { isLoss ? min($0.y, point.y) : max($0.y, point.y) } ?? point.y
      // A step function: constant up to the next better trial.
      if let last = best.last, last.y != value { best.append((point.x, last.y)) }
      best.append((point.x, value))
    }
    if let last = best.last { best.append((Double(trials.trials.count), last.y)) }
    return SeriesPlot(
      title: "History",
      caption: "Each trial when it was last looked at; the line is the best so far of those that "
        + "finished. Trials that were left early had fewer windows.",
      x: "trial", y: trials.criterion,
      series: [
        .init(title: "left early", points: points(.left), look: .quiet, isPoints: true),
        .init(
          title: "failed", points: points(.failed), look: CurveLook(place: 6), isPoints: true),
        .init(title: "best so far", points: best, look: CurveLook(place: 1)),
        .init(title: "finished", points: finished, look: CurveLook(place: 0), isPoints: true),
      ], mayBeLogarithmic: isLoss, range: 0.5...Double(trials.trials.count) + 0.5
    ).figure
  }

  /// The scores over the windows, for all trials.
  private static func curves(_ trials: ReportedTrials) -> ReportFigure? {
    let shown = trials.finished.filter(trials.isShown)
    let rungs = Set(trials.halvings.flatMap { $0.rungs.dropLast() }).sorted()
    return SeriesPlot(
      title: "Learning curves",
      caption: (shown.isEmpty ? "" : "In colour: the best \(shown.count) by their last window. ")
        + (rungs.isEmpty ? "" : "Lines upwards: rungs."),
      x: "window", y: trials.criterion,
      series: trials.drawingOrder.map { trial in
        SeriesPlot.Series(
          title: trials.isShown(trial) ? "trial \(trials.trials[trial].number)" : "",
          points: trials.record.progress[trial].scores.sorted { $0.key < $1.key }
            .map { (Double($0.key), trials.value($0.value)) },
          look: trials.look(trial))
      }, mayBeLogarithmic: trials.record.plan.criterion == .loss, showsBulk: true,
      marks: rungs.map(Double.init)
    ).figure
  }
}
