import Presentation

/// How well small weights tell wrong labels from right ones.
struct LabelDetection: Equatable {
  /// Wrong labels in all.
  let wrong: Int
  /// Of the examples listed: how many have a wrong label.
  let hits: Int
  let listed: Int
  /// Of as many examples with the smallest weights as there are wrong labels: how many have one.
  let hitsAtCount: Int
  /// The share of pairs of a wrong and a right label in which the wrong one weighs less (area under the
  /// receiver operating characteristic); nil where there is no such pair.
  let area: Double?

  /// Counts.
  ///
  /// - Parameters:
  ///   - order: whether each example's label is wrong, from the smallest weight to the largest.
  ///   - listed: how many of the first ones are listed.
  init(order: [Bool], listed: Int) {
    wrong = order.count { $0 }
    self.listed = min(listed, order.count)
    hits = order.prefix(listed).count { $0 }
    hitsAtCount = order.prefix(wrong).count { $0 }
    var (seen, pairs) = (0, 0)
    for isWrong in order {
      if isWrong { seen += 1 } else { pairs += seen }
    }
    let right = order.count - wrong
    area = wrong > 0 && right > 0 ? Double(pairs) / (Double(wrong) * Double(right)) : nil
  }

  /// Precision and recall in words.
  var sentence: String {
    guard wrong > 0, let area else { return "no label is wrong" }
    func percent(_ part: Int, _ whole: Int) -> String {
      whole == 0 ? "-" : NumberText.brief(100 * Double(part) / Double(whole)) + " %"
    }
    return "wrong labels: \(percent(hits, listed)) of the \(listed) listed have one (precision), "
      + "\(percent(hits, wrong)) of all \(wrong) are listed (recall); among the \(wrong) smallest "
      + "weights precision and recall are \(percent(hitsAtCount, wrong)); area under the curve "
      + NumberText.brief(area)
  }
}
