import Presentation

/// How well small weights identify wrong labels.
struct LabelDetection: Equatable {
  /// The total number of wrong labels.
  let wrong: Int
  /// The number of wrong labels among the listed examples.
  let hits: Int
  let listed: Int
  /// The number of wrong labels among the n examples with the smallest weights, where n is `wrong`.
  let hitsAtCount: Int
  /// The fraction of pairs of a wrong and a right label in which the wrong one has the smaller
  /// weight (area under the ROC curve); nil if there are no such pairs.
  let area: Double?

  /// Counts wrong labels.
  ///
  /// - Parameters:
  ///   - order: whether each example's label is wrong, from the smallest weight to the largest.
  ///   - listed: the number of examples listed.
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
