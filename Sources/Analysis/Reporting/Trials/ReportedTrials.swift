import Presentation
import Runs

/// The trials of a search or a comparison as shown on their page.
struct ReportedTrials {
  let record: RecordedTrials
  /// The properties in which they differ.
  let axes: [TrialAxis]
  /// Indices of the finished trials, best first.
  let finished: [Int]
  private let ranks: [Int: Int]

  init(_ record: RecordedTrials) {
    self.record = record
    axes = TrialAxis.all(of: record.plan.trials)
    finished = record.finished
    ranks = Dictionary(uniqueKeysWithValues: finished.enumerated().map { ($1, $0) })
  }

  var trials: [Trial] { record.plan.trials }

  /// A trial's title: `trial 7, learning-rate 0.01`.
  func title(_ trial: Int) -> String {
    let label = axes.label(of: trial)
    return "trial \(trials[trial].number)" + (label.isEmpty ? "" : ", \(label)")
  }

  /// The best trials have their own colours, the same in all figures, and the very best a thick
  /// line.
  func look(_ trial: Int) -> CurveLook {
    guard let rank = ranks[trial], rank < GnuplotScript.colourCount else { return .quiet }
    return CurveLook(place: rank, width: rank == 0 ? 2.6 : 1.4)
  }

  /// Whether a trial is among those with their own colour.
  func isShown(_ trial: Int) -> Bool { look(trial) != .quiet }

  /// All trials, those in the foreground last.
  var drawingOrder: [Int] {
    trials.indices.filter { ranks[$0] == nil } + finished.reversed()
  }

  /// The ranking criterion's value, in the page's unit.
  func value(_ score: TrialScore) -> Double {
    record.plan.criterion == .loss ? score.loss : 100 * score.accuracy
  }

  /// The ranking criterion's name.
  var criterion: String {
    record.plan.criterion == .loss ? "validation loss" : "validation accuracy, %"
  }

  /// A trial's last score.
  func lastValue(_ trial: Int) -> Double? {
    let progress = record.progress[trial]
    return progress.scores[progress.window].map(value)
  }

  /// The brackets that stop trials early.
  var halvings: [Bracket] {
    record.plan.isPopulation ? [] : record.plan.brackets.filter { $0.rungs.count > 1 }
  }
}
