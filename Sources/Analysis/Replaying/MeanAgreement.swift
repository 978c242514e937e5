import Hypergradients

/// The mean agreement over windows; a window with a zero vector has no cosine and does not count.
struct MeanAgreement {
  private var cosine = RunningMean()
  private var signs = RunningMean()
  private var distance = RunningMean()

  mutating func add(_ agreement: Agreement) {
    if let value = agreement.cosine { cosine.add(value) }
    signs.add(agreement.signShare)
    if let value = agreement.relativeError { distance.add(value) }
  }

  /// Cosine, signs, distance; nil if no window counted.
  var values: [Double?] { [cosine.value, signs.value, distance.value] }
}

/// An incremental mean.
struct RunningMean {
  private var sum = 0.0
  private var count = 0

  /// Adds a number, unless it is not finite.
  mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    sum += value
    count += 1
  }

  /// The mean; nil if there are no numbers.
  var value: Double? { count > 0 ? sum / Double(count) : nil }
}
