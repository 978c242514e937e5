import ArgumentParser

/// The bounds of numbers on the command line: far above what makes sense, and far below where sums and
/// products of them leave their types.
enum OptionRange {
  /// Refuses a number outside its range.
  ///
  /// - Throws: `ValidationError` that names option, range and number.
  static func check<Number: Comparable>(
    _ number: Number?, _ option: String, _ range: ClosedRange<Number>
  ) throws {
    guard let number, !range.contains(number) else { return }
    throw ValidationError(
      "\(option) must be from \(range.lowerBound) to \(range.upperBound), not \(number).")
  }

  /// Refuses a number that is not above 0 and at most a limit.
  ///
  /// - Throws: `ValidationError` that names option, range and number.
  static func check(_ number: Double?, _ option: String, above0UpTo most: Double) throws {
    guard let number, !(number > 0 && number <= most) else { return }
    throw ValidationError("\(option) must be above 0, at most \(Int(most)), not \(number).")
  }

  /// Steps, windows and seeds that can be told apart.
  static let counts = 1...1_000_000_000
}
