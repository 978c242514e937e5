/// The members of a line of a run's file, with words for what is missing.
struct RecordedMembers {
  let path: String
  let line: JSONLinesReader.Line

  /// The whole number under a key.
  ///
  /// - Throws: `RecordError` where there is none.
  func int(_ key: String) throws(RecordError) -> Int {
    guard let value = line.value[key]?.int else { throw missing(key, "a whole number") }
    return value
  }

  /// The number under a key; nil where there is none, not a number where it was not finite.
  func double(_ key: String) -> Double? { line.value[key].flatMap(Self.number) }

  /// The text under a key.
  func string(_ key: String) -> String? { line.value[key]?.string }

  /// The numbers under a key; nil where there is no list of numbers.
  func numbers(_ key: String) -> [Double]? { line.value[key].flatMap(Self.numbers) }

  /// The numbers under a key.
  ///
  /// - Throws: `RecordError` where there are none.
  func needed(_ key: String) throws(RecordError) -> [Double] {
    guard let numbers = numbers(key) else { throw missing(key, "a list of numbers") }
    return numbers
  }

  /// The names and numbers under a key.
  func table(_ key: String) -> [(name: String, value: Double)] {
    (line.value[key]?.members ?? []).compactMap { member in
      Self.number(member.value).map { (member.key, $0) }
    }
  }

  /// The names and lists under a key.
  func lists(_ key: String) -> [(name: String, numbers: [Double])] {
    (line.value[key]?.members ?? []).compactMap { member in
      Self.numbers(member.value).map { (member.key, $0) }
    }
  }

  /// An error about this line.
  func error(_ sentence: String) -> RecordError {
    RecordError(path, line: line.number, sentence)
  }

  private func missing(_ key: String, _ kind: String) -> RecordError {
    error("has no \"\(key)\" with \(kind). Take a copy of the file that is not damaged.")
  }

  /// A number; `null` stands for one that was not finite.
  static func number(_ value: JSONValue) -> Double? { value == .null ? .nan : value.double }

  static func numbers(_ value: JSONValue) -> [Double]? {
    guard let elements = value.array else { return nil }
    let numbers = elements.compactMap(number)
    return numbers.count == elements.count ? numbers : nil
  }
}
