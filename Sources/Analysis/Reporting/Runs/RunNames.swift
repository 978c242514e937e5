import Presentation

/// The names and line styles of the runs on a page: every run has its own colour; if two methods
/// were tried from the same starting points, every starting point has a colour, with one method
/// solid and the other dashed.
struct RunNames {
  /// One per run, all different.
  let names: [String]
  let looks: [CurveLook]

  init(_ records: [RecordedRun]) {
    let labels = Self.shortened(records.map(\.label))
    let short = zip(records, labels).map { $1?.text ?? $0.name }
    names = short.indices.map { index in
      // Folders with the same name are distinguished by their paths.
      short.count { $0 == short[index] } == 1 ? short[index] : records[index].path
    }
    looks = Self.pairs(labels) ?? records.indices.map(CurveLook.numbered)
  }

  /// The labels without the words that all of them share.
  private static func shortened(_ labels: [TrialLabel?]) -> [TrialLabel?] {
    guard labels.count > 1, let first = labels[0] else { return labels }
    let common = labels.reduce(into: Set(first.words)) { $0.formIntersection($1?.words ?? []) }
    return labels.map { $0?.without(common) }
  }

  /// A colour per starting point, solid and dashed lines for the two methods; nil unless there are
  /// exactly two methods and several starting points.
  private static func pairs(_ labels: [TrialLabel?]) -> [CurveLook]? {
    let known = labels.compactMap { $0 }
    var starts: [[String]] = []
    for label in known where !starts.contains(label.words) { starts.append(label.words) }
    let methods = Set(known.map(\.method))
    guard known.count == labels.count, methods.count == 2, starts.count > 1,
      starts.count <= GnuplotScript.colourCount, known.count == 2 * starts.count
    else { return nil }
    // The preset's own method is the one of interest.
    let whole = methods.contains("default") ? "default" : known[known.count - 1].method
    return known.map { label in
      CurveLook(place: starts.firstIndex(of: label.words), dash: label.method == whole ? 1 : 2)
    }
  }
}
