import Glibc

/// Builds JSON as UTF-8 bytes, with members in the given order.
///
/// JSON cannot represent non-finite numbers. They become `null`, and the following member says what
/// they were, so nothing is lost and every line stays valid:
///
///     {"loss":null,"loss_non_finite":"nan","h":[0.5,null],"h_non_finite":{"1":"-inf"}}
///
/// In an array the key is the index, counted from 0; in nested arrays the indices are joined by a
/// full stop (`"3.0"`).
package struct JSONText: Sendable {
  /// How floating-point numbers are written.
  ///
  /// Both forms read back as the same bits.
  package enum Digits: Sendable {
    /// The fewest digits that read back as the same number: `0.1`.
    case shortest
    /// Always 17 significant digits, C's `%.17g`: `0.10000000000000001`.
    case seventeen
  }

  /// The bytes written so far.
  package private(set) var bytes: [UInt8] = []
  private let digits: Digits

  /// An empty text.
  package init(digits: Digits = .shortest) { self.digits = digits }

  /// The JSON of one value on one line, without a trailing newline.
  package static func line(_ value: JSONValue, digits: Digits = .shortest) -> String {
    var text = JSONText(digits: digits)
    text.append(value)
    return String(decoding: text.bytes, as: UTF8.self)
  }

  /// The JSON of one value, indented over several lines, with a trailing newline, for people to
  /// read.
  package static func document(_ value: JSONValue) -> String {
    var text = JSONText()
    text.append(value, indentation: 0)
    return String(decoding: text.bytes, as: UTF8.self) + "\n"
  }

  /// Appends bytes verbatim: punctuation, or a prepared key.
  package mutating func append(raw: StaticString) {
    raw.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Appends an integer.
  package mutating func append(_ value: Int) {
    bytes.append(contentsOf: String(value).utf8)
  }

  /// Appends a number, or `null` if it is not finite.
  package mutating func append(_ value: Double) {
    guard value.isFinite else { return append(raw: "null") }
    switch digits {
    case .shortest: bytes.append(contentsOf: value.description.utf8)
    case .seventeen: appendSeventeenDigits(value)
    }
  }

  /// Appends a quoted string, escaped as JSON requires.
  package mutating func append(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case UInt8(ascii: "\n"): append(raw: "\\n")
      case 0..<0x20:
        append(raw: "\\u00")
        let hexadecimal = Array("0123456789abcdef".utf8)
        bytes.append(hexadecimal[Int(byte >> 4)])
        bytes.append(hexadecimal[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends an array of numbers, `[0.5,null,…]`.
  package mutating func append(numbers: some Collection<Double>) {
    bytes.append(UInt8(ascii: "["))
    var isFirst = true
    for number in numbers {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      append(number)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Appends any value; over several lines if an indentation is given.
  package mutating func append(_ value: JSONValue, indentation: Int? = nil) {
    switch value {
    case .null: append(raw: "null")
    case .bool(let truth): append(raw: truth ? "true" : "false")
    case .integer(let number): append(number)
    case .number(let number): append(number)
    case .string(let text): append(text)
    case .array(let elements):
      // Arrays of numbers stay on one line, whatever the layout of the rest.
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { append(raw: indentation == nil ? "," : ", ") }
        append(element)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members): append(members, indentation: indentation)
    }
  }

  private mutating func append(_ members: [JSONValue.Member], indentation: Int?) {
    let inner = indentation.map { $0 + 2 }
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in members.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      startLine(inner)
      append(member.key)
      append(raw: indentation == nil ? ":" : ": ")
      append(member.value, indentation: inner)
      guard let explanation = NonFinite.explanation(of: member.value) else { continue }
      bytes.append(UInt8(ascii: ","))
      startLine(inner)
      append(member.key + NonFinite.suffix)
      append(raw: indentation == nil ? ":" : ": ")
      append(explanation)
    }
    if !members.isEmpty { startLine(indentation) }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func startLine(_ indentation: Int?) {
    guard let indentation else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
  }

  private mutating func appendSeventeenDigits(_ value: Double) {
    // A row of a large run has thousands of zeros (columns not yet reached): skip the C library.
    if value == 0 { return append(raw: value.sign == .minus ? "-0" : "0") }
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      // The longest is "-1.2345678901234567e-308": 24 characters.
      let length = withVaList([value]) { vsnprintf(buffer.baseAddress, 32, "%.17g", $0) }
      for index in 0..<Int(length) { bytes.append(UInt8(bitPattern: buffer[index])) }
    }
  }
}
