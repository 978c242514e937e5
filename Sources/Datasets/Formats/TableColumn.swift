/// A column of a table: what a training file says it consists of, and other files are held to.
struct TableColumn: Equatable, Sendable {
  /// Its name in the header.
  let name: String
  /// The texts that may stand in it, in the order of their bytes; nil: numbers.
  var categories: [String]?
  /// Whether all numbers are written as whole ones.
  var isWhole = true

  /// How many numbers it gives an input: one, or one for each category.
  var width: Int { categories?.count ?? 1 }

  /// A column with more categories is more likely a name or a date.
  static let mostCategories = 1000
}

/// A field of a table as a number.
enum TableNumber {
  /// Texts that stand for a value that is missing.
  static func isMissing(_ text: String) -> Bool {
    ["", "NA", "N/A", "NaN", "nan", "NAN", "null", "NULL"].contains(text)
  }

  /// The number that a text is, if it is one; spaces around it do not matter.
  static func read(_ text: String) -> (value: Double, isWhole: Bool)? {
    var bytes = Substring(text).utf8
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
    guard let first = bytes.first, first != UInt8(ascii: "e"), first != UInt8(ascii: "E") else {
      return nil
    }
    var isWhole = true
    for byte in bytes {
      switch byte {
      case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"): continue
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isWhole = false
      default: return nil
      }
    }
    guard let value = Double(String(decoding: bytes, as: UTF8.self)) else { return nil }
    return (value, isWhole && value.magnitude < 1e15)
  }
}
