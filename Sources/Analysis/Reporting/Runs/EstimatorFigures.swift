import DynamicModes
import Hypergradients
import Presentation

/// The estimators' results over the windows.
enum EstimatorFigures {
  /// For each run one figure per hyperparameter, or, if there are many, of norms and directions.
  static func all(_ runs: [ReportedRun]) -> [ReportFigure] {
    runs.filter { $0.windows.contains { !$0.estimates.isEmpty } }.flatMap { run in
      run.hyperparameterCount <= HyperparameterFigures.mostCurves
        ? components(run) : lengths(run)
    }
  }

  private static func components(_ run: ReportedRun) -> [ReportFigure] {
    let count = run.hyperparameterCount
    let tuned = run.tunedNames
    return (0..<count).compactMap { column in
      let name = column < tuned.count ? tuned[column] : "φ \(column - tuned.count)"
      return plot(
        run, title: "Hypergradient of \(name), \(run.name)",
        y: "with respect to the raw number",
        caption: "Every estimator's answer in each window; below 0 the hyperparameter is to grow."
      ) { estimates, estimator in
        estimates[estimator].flatMap { column < $0.count ? $0[column] : nil }
      }
    }
  }

  private static func lengths(_ run: ReportedRun) -> [ReportFigure] {
    let length = plot(
      run, title: "Length of the hypergradient, \(run.name)", y: "length", mayBeLogarithmic: true,
      caption: "Every estimator's answer in each window, \(run.hyperparameterCount) numbers."
    ) { estimates, estimator in
      estimates[estimator].map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    }
    let direction = plot(
      run, title: "Direction of the hypergradient, \(run.name)", y: "cosine",
      caption: "The angle with the mean of the window's last hypergradients."
    ) { estimates, estimator in
      guard estimator != .tailMean, let mean = estimates[.tailMean] else { return nil }
      return estimates[estimator].flatMap { Agreement(of: $0, with: mean).cosine }
    }
    return [length, direction].compactMap { $0 }
  }

  private static func plot(
    _ run: ReportedRun, title: String, y: String, mayBeLogarithmic: Bool = false, caption: String,
    _ value: ([Estimator: [Double]], Estimator) -> Double?
  ) -> ReportFigure? {
    let used = inUse(run)
    // Later curves are drawn on top of earlier ones.
    let order = Estimator.allCases.filter { $0 != used } + [used].compactMap { $0 }
    return SeriesPlot(
      title: title, caption: caption, x: run.axis, y: y,
      series: order.compactMap { estimator in
        let points = run.series { value($0.estimates, estimator) }.points
        guard !points.isEmpty else { return nil }
        let isUsed = estimator == used
        return SeriesPlot.Series(
          title: estimator.rawValue + (isUsed ? " (in use)" : ""), points: points,
          look: CurveLook(
            place: Estimator.allCases.firstIndex(of: estimator), width: isUsed ? 2.6 : 1))
      }, mayBeLogarithmic: mayBeLogarithmic, showsBulk: true, hasZeroLine: !mayBeLogarithmic
    ).figure
  }

  /// The estimator that was used for the update in most windows.
  private static func inUse(_ run: ReportedRun) -> Estimator? {
    let used = run.windows.compactMap(\.used)
    return Estimator.allCases.max { one, other in
      used.count { $0 == one } < used.count { $0 == other }
    }.flatMap { used.contains($0) ? $0 : nil }
  }
}
