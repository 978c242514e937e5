/// How much two vectors agree.
struct Agreement {
  /// a · b / (‖a‖ ‖b‖); not a number where one is zero.
  let cosine: Double
  /// The share of components with the same sign.
  let signs: Double
  /// ‖a − b‖ / ‖b‖; not a number where b is zero.
  let distance: Double

  /// How much a vector agrees with the one it is held against, of the same length.
  init(of a: [Double], with b: [Double]) {
    precondition(a.count == b.count, "\(a.count) numbers beside \(b.count)")
    var (product, squaresA, squaresB, squares, same) = (0.0, 0.0, 0.0, 0.0, 0)
    for (x, y) in zip(a, b) {
      product += x * y
      squaresA += x * x
      squaresB += y * y
      squares += (x - y) * (x - y)
      if x == y || (x > 0 && y > 0) || (x < 0 && y < 0) { same += 1 }
    }
    cosine =
      squaresA > 0 && squaresB > 0
      ? product / (squaresA.squareRoot() * squaresB.squareRoot()) : .nan
    signs = Double(same) / Double(a.count)
    distance = squaresB > 0 ? squares.squareRoot() / squaresB.squareRoot() : .nan
  }
}

/// Mean agreement over windows; what is not a number does not count.
struct MeanAgreement {
  private var cosine = RunningMean()
  private var signs = RunningMean()
  private var distance = RunningMean()

  mutating func add(_ agreement: Agreement) {
    cosine.add(agreement.cosine)
    signs.add(agreement.signs)
    distance.add(agreement.distance)
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
