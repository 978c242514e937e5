import Presentation
import Runs
import Settings

/// A key in which trials differ, with each trial's value.
struct TrialAxis: Equatable {
  /// A hyperparameter's name, a key, or `method`.
  let name: String
  /// One text per trial, as printed.
  let texts: [String]

  /// The values as numbers; nil if any of them is not a number.
  var numbers: [Double]? {
    let numbers = texts.compactMap(Double.init)
    return numbers.count == texts.count ? numbers : nil
  }

  /// The method if there are several, the differences between the trials of a method, and the seed
  /// last.
  static func all(of trials: [Trial]) -> [TrialAxis] {
    let names = trials.map(\.name)
    let groups = Dictionary(grouping: trials.indices) { names[$0] }.values
    var axes = Set(names).count > 1 ? [TrialAxis(name: "method", texts: names)] : []
    var last: [TrialAxis] = []
    for setting in Configuration.settings where setting.key != "evaluation.baseline" {
      let texts = trials.map { setting.print($0.configuration) ?? "" }
      guard groups.contains(where: { Set($0.map { texts[$0] }).count > 1 }) else { continue }
      let axis = TrialAxis(name: brief(setting.key), texts: texts)
      if setting.key == "seed" { last.append(axis) } else { axes.append(axis) }
    }
    return axes + last
  }

  /// The short name: `learning-rate` for `hyperparameters.learning-rate.initial`.
  private static func brief(_ key: String) -> String {
    let parts = key.split(separator: ".")
    guard parts.count == 3, parts[0] == "hyperparameters", parts[2] == "initial" else { return key }
    return String(parts[1])
  }

  /// A trial's value in short form.
  func brief(_ trial: Int) -> String {
    // A seed is a name, not a quantity.
    guard name != "seed", let number = Double(texts[trial]) else { return texts[trial] }
    return NumberText.wholeOrBrief(number)
  }
}

extension [TrialAxis] {
  /// A label that distinguishes the trial from the others: `default, learning-rate 0.01`.
  ///
  /// - Parameter hasSeed: whether to include the seed.
  func label(of trial: Int, hasSeed: Bool = true) -> String {
    filter { hasSeed || $0.name != "seed" }.map { axis in
      axis.name == "method" ? axis.texts[trial] : "\(axis.name) \(axis.brief(trial))"
    }.joined(separator: ", ")
  }
}
