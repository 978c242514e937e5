import Glibc

/// Places on the axis of the loss, and piecewise linear functions between them.
///
/// Hat k is 1 at knot k, 0 at all others and linear between; the first and the last go on as
/// constants. At every loss the hats add up to 1.
public struct LossKnots: Equatable, Sendable {
  /// The knots, at least two, rising from 0 or more.
  public let places: [Double]

  /// Knots at some places.
  ///
  /// - Returns: nil unless there are at least two, finite, not negative and rising.
  public init?(_ places: [Double]) {
    guard places.count >= 2, places.allSatisfy({ $0.isFinite && $0 >= 0 }),
      zip(places, places.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    self.places = places
  }

  private init(rising places: [Double]) { self.places = places }

  /// Ten knots, dense where most losses are: 0 to 10 for ten classes.
  ///
  /// They scale with ln C, the loss of a network that knows nothing of C classes.
  public static func usual(classCount: Int) -> LossKnots {
    let scale = classCount > 1 ? log(Double(classCount)) / log(10) : 1
    return LossKnots(rising: [0, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 4, 6, 10].map { scale * $0 })
  }

  /// Knots for columns in function space: from 0 to where hardly any loss lies, ever wider.
  ///
  /// - Parameters:
  ///   - count: how many, at least 2.
  ///   - classCount: how many classes there are; their number sets the scale of the losses.
  public static func columns(_ count: Int, classCount: Int) -> LossKnots {
    precondition(count >= 2, "a basis of \(count) hats")
    let scale = classCount > 1 ? log(Double(classCount)) / log(10) : 1
    let (unit, greatest) = (0.3 * scale, 10 * scale)
    let range = log1p(greatest / unit)
    return LossKnots(
      rising: (0..<count).map { unit * expm1(range * Double($0) / Double(count - 1)) })
  }

  /// How many knots, and so hats, there are.
  public var count: Int { places.count }

  /// Where a loss lies: between knot `left` and the next, the share `share` of the way.
  struct Position {
    let left: Int
    let share: Double
    /// d share / dℓ; 0 beyond the ends.
    let rate: Double
  }

  func position(of loss: Double) -> Position {
    // A loss that is not a number falls on the last knot: the step is lost anyway.
    if loss <= places[0] { return Position(left: 0, share: 0, rate: 0) }
    guard loss < places[count - 1] else { return Position(left: count - 2, share: 1, rate: 0) }
    var (low, high) = (0, count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if places[middle] <= loss { low = middle } else { high = middle }
    }
    let width = places[low + 1] - places[low]
    return Position(left: low, share: (loss - places[low]) / width, rate: 1 / width)
  }

  /// Hat k and its derivative at a loss.
  public func hat(_ k: Int, at loss: Double) -> (value: Double, slope: Double) {
    let position = position(of: loss)
    if k == position.left { return (1 - position.share, -position.rate) }
    if k == position.left + 1 { return (position.share, position.rate) }
    return (0, 0)
  }

  /// Σ_k c_k ψ_k and its derivative at a loss.
  public func sum(_ coefficients: ArraySlice<Double>, at loss: Double) -> (
    value: Double, slope: Double
  ) {
    let position = position(of: loss)
    let first = coefficients.startIndex + position.left
    let (a, b) = (coefficients[first], coefficients[first + 1])
    return (a + position.share * (b - a), position.rate * (b - a))
  }
}

extension LossKnots: LosslessStringConvertible {
  /// The places with a space between: `0 0.5 1 2.5`.
  public var description: String { places.map { "\($0)" }.joined(separator: " ") }

  /// Reads rising numbers with spaces between; nil for anything else.
  public init?(_ description: String) {
    let words = description.split(separator: " ")
    let numbers = words.compactMap { Double($0) }
    guard numbers.count == words.count else { return nil }
    self.init(numbers)
  }
}
