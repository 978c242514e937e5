import Runs
import Storage

/// The members of a line of a run's file, with messages for missing ones.
struct RecordedMembers {
  let path: String
  let line: JSONLinesReader.Line

  /// The run that the file belongs to.
  var folder: RunFolder { RunFolder(known: RunFolder.parent(of: path)) }

  /// The legal window and step numbers: as many as a configuration may ask for.
  static let counts = 1...1_000_000_000

  /// What to do about a damaged line.
  static let remedy = "Take a copy of the file that is not damaged."

  /// The integer for a key.
  ///
  /// - Throws: `RecordError` if there is none, or it is out of range.
  func int(_ key: String, in range: ClosedRange<Int>) throws(RecordError) -> Int {
    guard let value = line.value[key]?.int else { throw missing(key, "a whole number") }
    guard range.contains(value) else {
      throw error(
        "has the \"\(key)\" \(value), which must be from \(range.lowerBound) to "
          + "\(range.upperBound). \(Self.remedy)")
    }
    return value
  }

  /// The number for a key; nil if there is none, NaN if it was not finite.
  func double(_ key: String) -> Double? { line.value[key].flatMap(Self.number) }

  /// The string for a key.
  func string(_ key: String) -> String? { line.value[key]?.string }

  /// The numbers for a key.
  ///
  /// - Throws: `RecordError` if there are none.
  func needed(_ key: String) throws(RecordError) -> [Double] {
    guard let numbers = line.value[key].flatMap(Self.numbers) else {
      throw missing(key, "a list of numbers")
    }
    return numbers
  }

  /// The names and numbers for a key; empty if there are none.
  func table(_ key: String) -> [(name: String, value: Double)] {
    (line.value[key]?.members ?? []).compactMap { member in
      Self.number(member.value).map { (member.key, $0) }
    }
  }

  /// The names and numbers for a key.
  ///
  /// - Throws: `RecordError` if there are none, or other values are among them.
  func neededTable(_ key: String) throws(RecordError) -> [(name: String, value: Double)] {
    // The explanation of a non-finite number is a separate member next to it.
    guard let members = line.value[key]?.members?.filter({ !$0.key.hasSuffix(NonFinite.suffix) })
    else { throw missing(key, "an object of numbers") }
    var table: [(name: String, value: Double)] = []
    for member in members {
      guard let value = Self.number(member.value) else {
        throw missing("\(key).\(member.key)", "a number")
      }
      table.append((member.key, value))
    }
    return table
  }

  /// The names and arrays of numbers for a key; empty if there is no such key.
  ///
  /// - Throws: `RecordError` if other values are among them.
  func lists(_ key: String) throws(RecordError) -> [(name: String, numbers: [Double])] {
    var lists: [(name: String, numbers: [Double])] = []
    for member in line.value[key]?.members ?? [] where !member.key.hasSuffix(NonFinite.suffix) {
      guard let numbers = Self.numbers(member.value) else {
        throw missing("\(key).\(member.key)", "a list of numbers")
      }
      lists.append((member.key, numbers))
    }
    return lists
  }

  /// An error about this line.
  func error(_ sentence: String) -> RecordError {
    RecordError(path, line: line.number, sentence)
  }

  private func missing(_ key: String, _ kind: String) -> RecordError {
    error("has no \"\(key)\" with \(kind). \(Self.remedy)")
  }

  /// A number; `null` represents one that was not finite.
  static func number(_ value: JSONValue) -> Double? { value == .null ? .nan : value.double }

  static func numbers(_ value: JSONValue) -> [Double]? {
    guard let elements = value.array else { return nil }
    let numbers = elements.compactMap(number)
    return numbers.count == elements.count ? numbers : nil
  }
}
