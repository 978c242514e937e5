import Presentation
import Runs

/// Which trials were stopped at which rung of successive halving.
enum RungFigures {
  /// One figure per bracket with several rungs: how far every trial trained.
  static func all(_ trials: ReportedTrials) -> [ReportFigure] {
    let brackets = trials.halvings
    return brackets.map { bracket in
      figure(trials, bracket, suffix: brackets.count > 1 ? ", \(name(of: bracket, trials))" : "")
    }
  }

  /// The common properties of a bracket's trials: `random-search, seed 0`.
  static func name(of bracket: Bracket, _ trials: ReportedTrials) -> String {
    trials.axes.compactMap { axis in
      let texts = Set(bracket.trials.map { axis.texts[$0] })
      guard texts.count == 1, let text = texts.first else { return nil }
      return axis.name == "method" ? text : "\(axis.name) \(text)"
    }.joined(separator: ", ")
  }

  private static func figure(
    _ trials: ReportedTrials, _ bracket: Bracket, suffix: String
  ) -> ReportFigure {
    // Those that trained longest at the top, the best of them first.
    let order = bracket.trials.sorted {
      (trials.record.progress[$0].window, -(standing($0, trials)), -$0)
        < (trials.record.progress[$1].window, -(standing($1, trials)), -$1)
    }
    var script = GnuplotScript()
    script.axes(x: "window", y: "")
    script.command("set yrange [-0.7:\(Double(order.count) - 0.3)]")
    script.command("set xrange [0:\(bracket.rungs.last ?? 1)]")
    let isNamed = order.count <= mostNames
    if isNamed {
      let tics = order.enumerated().map { "\(GnuplotText.ticLabel(trials.title($1))) \($0)" }
      script.command("set ytics (\(tics.joined(separator: ", ")))")
    } else {
      script.command("set ylabel \"trials\"\nset format y ''")
    }
    for rung in bracket.rungs.dropLast() { script.mark(Double(rung)) }
    for status in [TrialStatus.left, .failed, .finished] {
      let rows = order.enumerated().filter { trials.record.status(of: $1) == status }
        .map { [0, Double($0), Double(trials.record.progress[$1].window), 0] }
      guard !rows.isEmpty else { continue }
      script.curve(
        script.data(rows),
        "using 1:2:3:4 with vectors nohead linewidth "
          + "\(isNamed ? 5 : 1.5) \(look(status).colour)",
        title: words(status))
    }
    var figure = ReportFigure(
      title: "Who left at which rung\(suffix)",
      caption: "How far each trial trained; lines upwards are rungs, at which the best "
        + "1/\(bracket.eta) go on.",
      script: script, table: table(trials, bracket))
    if isNamed { figure.width = 760 }
    figure.height = 120 + (isNamed ? 22 * order.count : min(900, 3 * order.count + 100))
    return figure
  }

  private static let mostNames = 30
  private static let mostNumbers = 20

  private static func standing(_ trial: Int, _ trials: ReportedTrials) -> Double {
    let progress = trials.record.progress[trial]
    return progress.scores[progress.window]?.badness(trials.record.plan.criterion) ?? .infinity
  }

  private static func look(_ status: TrialStatus) -> CurveLook {
    switch status {
    case .finished: CurveLook(place: 0)
    case .failed: CurveLook(place: 6)
    case .left: .quiet
    }
  }

  private static func words(_ status: TrialStatus) -> String {
    switch status {
    case .finished: "finished"
    case .failed: "failed"
    case .left: "left early"
    }
  }

  /// One row per rung: the trials that reached it, were promoted, were stopped, and failed before
  /// it.
  static func table(_ trials: ReportedTrials, _ bracket: Bracket) -> HTMLTable {
    let rows = bracket.rungs.indices.compactMap { rung -> [String]? in
      guard let came = members(trials, bracket, rung) else { return nil }
      let isLast = rung == bracket.rungs.count - 1
      let on =
        isLast
        ? came.filter { trials.record.status(of: $0) == .finished }
        : members(trials, bracket, rung + 1)
      let name = ["window \(bracket.rungs[rung])", "\(came.count)"]
      guard let on else { return name + ["not decided yet", "", ""] }
      let failed = came.filter { trials.record.progress[$0].failure != nil && !on.contains($0) }
      let left = came.filter { !on.contains($0) && !failed.contains($0) }
      return name + [on, left, failed].map { numbers($0, trials) }
    }
    return HTMLTable(
      header: ["rung", "trials", "went on (at the end: finished)", "left", "failed"], rows: rows)
  }

  /// The trials that train up to a rung; nil until that is decided.
  private static func members(
    _ trials: ReportedTrials, _ bracket: Bracket, _ rung: Int
  ) -> [Int]? {
    bracket.members(ofRung: rung) { trial, window in
      let progress = trials.record.progress[trial]
      // Early stopping may have ended a trial before its last window.
      let last =
        trials.record.status(of: trial) == .finished
        ? progress.window : trials.trials[trial].configuration.windowCount
      let end = min(window, last)
      if let score = progress.scores[end] {
        return .under(score.badness(trials.record.plan.criterion))
      }
      return progress.failure == nil ? .onTheWay : .failed
    }
  }

  private static func numbers(_ trials: [Int], _ all: ReportedTrials) -> String {
    if trials.isEmpty { return "–" }
    let shown = trials.prefix(mostNumbers).map { "\(all.trials[$0].number)" }
    let rest = trials.count - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
