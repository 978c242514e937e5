/// Text as gnuplot takes it: whatever it holds, it comes out as it is.
///
/// In double quotes gnuplot runs what stands in backquotes and expands macros, and in single quotes it
/// cannot read a text that is one quote. So every character but letters, digits and a few signs is
/// written as its octal code.
package enum GnuplotText {
  /// A text in quotes: one line, with no more than `limit` characters.
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

  /// The same for the label of a tic, in which gnuplot looks for a number's format.
  package static func ticLabel(_ text: String, limit: Int = 60) -> String {
    // The octal code of a percent sign is read before the format is.
    quoted(shortened(line(text), to: limit).replacing("%", with: "%%"), limit: .max)
  }

  /// At most so many characters: of a longer text its beginning and its end, where names differ.
  package static func shortened(_ text: String, to limit: Int) -> String {
    guard text.count > limit else { return text }
    let end = limit / 2
    return "\(text.prefix(limit - 1 - end))…\(text.suffix(end))"
  }

  /// The text on one line, without what no picture can show.
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
