import ArgumentParser

/// The ranges of numbers on the command line: far beyond what makes sense, and far below where sums
/// and products of them overflow.
enum OptionRange {
  /// Rejects a number outside its range.
  ///
  /// - Throws: `ValidationError` naming option, range and number.
  static func check<Number: Comparable>(
    _ number: Number?, _ option: String, _ range: ClosedRange<Number>
  ) throws {
    guard let number, !range.contains(number) else { return }
    throw ValidationError(
      "\(option) must be from \(range.lowerBound) to \(range.upperBound), not \(number).")
  }

  /// Rejects a number that is not above 0 and at most `most`.
  ///
  /// - Throws: `ValidationError` naming option, range and number.
  static func check(_ number: Double?, _ option: String, above0UpTo most: Double) throws {
    guard let number, !(number > 0 && number <= most) else { return }
    throw ValidationError("\(option) must be above 0, at most \(Int(most)), not \(number).")
  }

  /// The range of steps, windows and seeds.
  static let counts = 1...1_000_000_000
}
