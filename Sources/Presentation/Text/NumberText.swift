import Foundation

/// Numbers formatted for people.
package enum NumberText {
  /// Three significant digits, kept short: `0.0123`, `4e-4`.
  package static func brief(_ value: Double) -> String {
    guard value.isFinite else { return word(value) }
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      let magnitude = abs(value)
      // C switches to exponents only below 1e-4; they are shorter and clearer below 1e-3 already.
      let format = magnitude > 0 && magnitude < 1e-3 ? "%.2e" : "%.3g"
      let length = withVaList([value]) { vsnprintf(buffer.baseAddress, 32, format, $0) }
      return String(decoding: UnsafeRawBufferPointer(buffer)[..<Int(length)], as: UTF8.self)
    }
    guard let exponent = text.firstIndex(of: "e") else { return text }
    var digits = text[..<exponent]
    if digits.contains(".") {
      while digits.hasSuffix("0") { digits.removeLast() }
      if digits.hasSuffix(".") { digits.removeLast() }
    }
    return "\(digits)e\(Int(text[text.index(after: exponent)...]) ?? 0)"
  }

  /// Integers in full, other numbers with three significant digits.
  package static func wholeOrBrief(_ value: Double) -> String {
    value.rounded() == value && abs(value) < 1e9 ? "\(Int(value))" : brief(value)
  }

  /// The same for an optional number.
  package static func wholeOrBrief(_ value: Double?) -> String {
    value.map { wholeOrBrief($0) } ?? ""
  }

  /// Minutes and seconds, with hours if there are any: `0:42`, `3:04:05`.
  package static func duration(seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(max(0, seconds).rounded(.up))
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    let rest = padded(whole % 60, to: 2)
    return hours > 0 ? "\(hours):\(padded(minutes, to: 2)):\(rest)" : "\(minutes):\(rest)"
  }

  /// Formats 0.9395 as `93.95 %`.
  package static func percent(_ share: Double) -> String { "\(hundredths(share)) %" }

  /// Formats 0.9395 as `93.95`; non-finite numbers as a word.
  package static func hundredths(_ share: Double) -> String {
    guard share.isFinite else { return word(share) }
    guard abs(share) < 1e9 else { return brief(100 * share) }
    let hundredths = Int((abs(share) * 10000).rounded())
    let sign = share < 0 && hundredths > 0 ? "-" : ""
    return "\(sign)\(hundredths / 100).\(padded(hundredths % 100, to: 2))"
  }

  /// An integer padded with zeros to at least `count` digits: `007`.
  package static func padded(_ number: Int, to count: Int, radix: Int = 10) -> String {
    let digits = String(number, radix: radix)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }

  /// `nan`, `inf` or `-inf`.
  private static func word(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }
}
