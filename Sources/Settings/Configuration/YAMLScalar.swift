import Presentation
import Yams

/// A scalar of a YAML document before any meaning is given to it.
///
/// YAML's own guesses (`no` is a truth value, `1e-4` a text, `0x10` a number) are not used: the
/// setting that the scalar belongs to knows its type.
package enum YAMLScalar: Equatable {
  case null
  case plain(String)
  case quoted(String)

  init(_ scalar: Node.Scalar) {
    switch scalar.style {
    case .any, .plain:
      let text = scalar.string
      self = ["", "~", "null", "Null", "NULL"].contains(text) ? .null : .plain(text)
    case .singleQuoted, .doubleQuoted, .literal, .folded: self = .quoted(scalar.string)
    }
  }

  /// The scalar as a sentence shows it.
  var description: String {
    switch self {
    case .null: "null"
    case .plain(let text): text
    case .quoted(let text): "\"\(text)\" (a text, because of the quotes)"
    }
  }

  /// The characters, whether in quotes or not; nothing for null.
  var text: String? {
    switch self {
    case .null: nil
    case .plain(let text), .quoted(let text): text
    }
  }

  /// `text` as a scalar that a YAML reader gives back as that very text.
  static func printed(_ text: String) -> String {
    let safe = text.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./ +%@=".contains($0))
    }
    let starts = text.first.map { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "." } ?? false
    // Words that this reader or another one takes for null, a truth value or a number.
    let taken =
      ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
      || Double(text) != nil
    if safe && starts && !taken && text.last != " " { return text }
    return quoted(text)
  }

  /// `text` in quotes.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
        quoted += "\\x" + NumberText.padded(Int(scalar.value), to: 2, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
