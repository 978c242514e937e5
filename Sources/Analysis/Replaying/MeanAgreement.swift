import Hypergradients

/// Mean agreement over windows; where one vector is zero there is no cosine, and it does not count.
struct MeanAgreement {
  private var cosine = RunningMean()
  private var signs = RunningMean()
  private var distance = RunningMean()

  mutating func add(_ agreement: Agreement) {
    if let value = agreement.cosine { cosine.add(value) }
    signs.add(agreement.signShare)
    if let value = agreement.relativeError { distance.add(value) }
  }

  /// Cosine, signs, distance; nil where no window counted.
  var values: [Double?] { [cosine.value, signs.value, distance.value] }
}

/// A mean as numbers come in.
struct RunningMean {
  private var sum = 0.0
  private var count = 0

  /// Takes a number in, unless it is not finite.
  mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    sum += value
    count += 1
  }

  /// The mean; nil where no number came.
  var value: Double? { count > 0 ? sum / Double(count) : nil }
}
