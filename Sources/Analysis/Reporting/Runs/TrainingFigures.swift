import Presentation

/// Learning curves, with all runs in one figure.
enum TrainingFigures {
  /// Training loss, validation loss, accuracy.
  static func all(_ runs: [ReportedRun]) -> [ReportFigure] {
    let axis = runs.first?.axis ?? ""
    let losses = [
      SeriesPlot(
        title: "Training loss", caption: "Mean over the minibatches of each window.", x: axis,
        y: "loss", series: runs.map { $0.series(\.trainingLoss) }, mayBeLogarithmic: true),
      SeriesPlot(
        title: "Validation loss", caption: "After the last step of each window.", x: axis,
        y: "loss", series: runs.map { $0.series(\.validationLoss) }, mayBeLogarithmic: true),
    ]
    let tested = runs.map { run -> SeriesPlot.Series in
      let points = run.series { $0.testAccuracy.map { 100 * $0 } }.points
      return SeriesPlot.Series(
        title: "\(run.name) (test)", points: points, look: run.look, isPoints: true)
    }
    let accuracy = SeriesPlot(
      title: "Accuracy",
      caption: "Lines: validation images; points: test images, where they were looked at.", x: axis,
      y: "accuracy, %",
      series: runs.map { $0.series { 100 * $0.validationAccuracy } }
        + tested.filter { !$0.points.isEmpty })
    return (losses + [accuracy]).compactMap(\.figure)
  }
}
