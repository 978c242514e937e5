import Presentation
import Storage

/// The test accuracies of equivalent trials over all seeds.
struct AccuracySpread {
  let name: String
  /// The test accuracies, one per seed.
  var accuracies: [Double] = []
  /// The number of seeds for which no trial finished.
  var failures = 0

  /// The text as shown on a terminal, `93.10 ± 0.42 %`; `–` if there are no accuracies.
  var text: String {
    guard let spread = Spread(of: accuracies) else { return "–" }
    let mean = NumberText.hundredths(spread.mean)
    return accuracies.count > 1
      ? "\(mean) ± \(NumberText.hundredths(spread.deviation)) %" : "\(mean) %"
  }

  /// The tables of a comparison: a title for each budget and start, with its methods.
  ///
  /// - Parameter document: `compare.json`.
  static func tables(
    _ document: JSONValue, _ trials: ReportedTrials
  ) -> [(title: String, spreads: [AccuracySpread])] {
    var tables: [(title: String, spreads: [AccuracySpread])] = []
    for cell in document["cells"]?.array ?? [] {
      guard let budget = cell["budget"]?.string, let method = cell["method"]?.string else {
        continue
      }
      let start = cell["start"]?.string ?? ""
      let title = "equal \(budget)" + (start.isEmpty ? "" : ", from \(start)")
      let table = place(of: title, in: &tables)
      if !tables[table].spreads.contains(where: { $0.name == method }) {
        tables[table].spreads.append(AccuracySpread(name: method))
      }
      for place in tables[table].spreads.indices where tables[table].spreads[place].name == method {
        let index = cell["trial"]?.int.map { $0 - 1 }
        if let index, trials.trials.indices.contains(index),
          let accuracy = trials.record.progress[index].testAccuracy
        {
          tables[table].spreads[place].accuracies.append(accuracy)
        } else {
          tables[table].spreads[place].failures += 1
        }
      }
    }
    return tables
  }

  private static func place(
    of title: String, in tables: inout [(title: String, spreads: [AccuracySpread])]
  ) -> Int {
    if let known = tables.firstIndex(where: { $0.title == title }) { return known }
    tables.append((title, []))
    return tables.count - 1
  }

  /// Groups of trials that differ only in their seeds, best first.
  static func byStart(_ trials: ReportedTrials) -> [AccuracySpread] {
    var spreads: [AccuracySpread] = []
    for trial in trials.trials.indices {
      let label = trials.axes.label(of: trial, hasSeed: false)
      let name = label.isEmpty ? trials.trials[trial].name : label
      if !spreads.contains(where: { $0.name == name }) {
        spreads.append(AccuracySpread(name: name))
      }
      guard let place = spreads.firstIndex(where: { $0.name == name }) else { continue }
      switch trials.record.status(of: trial) {
      case .finished:
        trials.record.progress[trial].testAccuracy.map { spreads[place].accuracies.append($0) }
      case .failed: spreads[place].failures += 1
      case .left: break
      }
    }
    func mean(_ spread: AccuracySpread) -> Double {
      Spread(of: spread.accuracies)?.mean ?? -Double.infinity
    }
    return spreads.filter { !$0.accuracies.isEmpty }.enumerated().sorted {
      (-mean($0.element), $0.offset) < (-mean($1.element), $1.offset)
    }.map(\.element)
  }
}
