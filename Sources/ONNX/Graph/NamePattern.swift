/// A name, or a pattern of names: `*` stands for any characters, `?` for one.
struct NamePattern {
  private let pattern: [Character]
  /// Whether it can stand for several names.
  let isWild: Bool

  /// A pattern.
  init(_ text: String) {
    pattern = Array(text)
    isWild = text.contains { $0 == "*" || $0 == "?" }
  }

  /// Whether a name fits.
  ///
  /// - Complexity: at most the product of the lengths.
  func matches(_ name: String) -> Bool {
    let name = Array(name)
    var (place, read) = (0, 0)
    // Where the last star was, and how much of the name it has taken.
    var star: (place: Int, read: Int)?
    while read < name.count {
      if place < pattern.count, pattern[place] == "*" {
        star = (place, read)
        place += 1
      } else if place < pattern.count, pattern[place] == "?" || pattern[place] == name[read] {
        place += 1
        read += 1
      } else if let last = star {
        star = (last.place, last.read + 1)
        (place, read) = (last.place + 1, last.read + 1)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == "*" }
  }
}

/// Names that somebody may have meant.
enum NearNames {
  /// The names nearest to a text, at most three; all if there are no more than that.
  static func of(_ text: String, among names: [String]) -> [String] {
    let limit = 3
    guard names.count > limit else { return names }
    let wanted = Array(text.lowercased().utf8.prefix(64))
    let rated = names.prefix(10_000).map { name in
      (name, distance(wanted, Array(name.lowercased().utf8.prefix(64))))
    }
    let near = rated.sorted { $0.1 < $1.1 }.prefix(limit)
    return near.map(\.0)
  }

  /// Insertions, deletions and replacements that make one of the other (Levenshtein).
  private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var row = Array(0...other.count)
    for (index, letter) in one.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in other.indices {
        let above = row[column + 1]
        row[column + 1] = min(
          above + 1, row[column] + 1, diagonal + (other[column] == letter ? 0 : 1))
        diagonal = above
      }
    }
    return row[other.count]
  }
}
