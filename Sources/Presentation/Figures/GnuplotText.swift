/// Text quoted so that gnuplot shows it verbatim.
///
/// In double quotes gnuplot executes backquoted commands and expands macros, and in single quotes
/// it cannot read a text that consists of one quote. So every character except letters, digits and
/// a few signs is written as an octal escape.
package enum GnuplotText {
  /// A quoted text on one line, with at most `limit` characters.
  package static func quoted(_ text: String, limit: Int = 200) -> String {
    var result = "\""
    for byte in shortened(line(text), to: limit).utf8 {
      if isPlain(byte) {
        result.unicodeScalars.append(UnicodeScalar(byte))
      } else {
        result += "\\" + NumberText.padded(Int(byte), to: 3, radix: 8)
      }
    }
    return result + "\""
  }

  /// The same for a tic label, which gnuplot treats as a number format.
  package static func ticLabel(_ text: String, limit: Int = 60) -> String {
    // gnuplot decodes the octal escape of a percent sign before it parses the format.
    quoted(shortened(line(text), to: limit).replacing("%", with: "%%"), limit: .max)
  }

  /// Shortens a text to a number of characters, keeping its beginning and its end, where names
  /// differ.
  package static func shortened(_ text: String, to limit: Int) -> String {
    guard text.count > limit else { return text }
    let end = limit / 2
    return "\(text.prefix(limit - 1 - end))…\(text.suffix(end))"
  }

  /// The text on one line, without unprintable characters.
  private static func line(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09...0x0d, 0x85, 0x2028, 0x2029: result += " "
      case ..<0x20, 0x7f...0x9f, 0xfffe, 0xffff: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: " .,:;-+/=()|".utf8.contains(byte)
    }
  }
}
