import Foundation

/// Numbers as people read them.
package enum NumberText {
  /// Three significant digits in little room: `0.0123`, `4e-4`.
  package static func brief(_ value: Double) -> String {
    guard value.isFinite else { return word(value) }
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      let magnitude = abs(value)
      // C switches to exponents below 1e-4 only; a line is shorter and clearer from 1e-3 on.
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

  /// Whole numbers in full, others with three significant digits.
  package static func wholeOrBrief(_ value: Double) -> String {
    value.rounded() == value && abs(value) < 1e9 ? "\(Int(value))" : brief(value)
  }

  /// The same for what may be missing.
  package static func wholeOrBrief(_ value: Double?) -> String {
    value.map { wholeOrBrief($0) } ?? ""
  }

  /// Minutes and seconds, with hours in front when there are any: `0:42`, `3:04:05`.
  package static func duration(seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(max(0, seconds).rounded(.up))
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    let rest = padded(whole % 60, to: 2)
    return hours > 0 ? "\(hours):\(padded(minutes, to: 2)):\(rest)" : "\(minutes):\(rest)"
  }

  /// `93.95 %` of 0.9395.
  package static func percent(_ share: Double) -> String { "\(hundredths(share)) %" }

  /// `93.95` of 0.9395; what is not finite in a word.
  package static func hundredths(_ share: Double) -> String {
    guard share.isFinite else { return word(share) }
    guard abs(share) < 1e9 else { return brief(100 * share) }
    let hundredths = Int((abs(share) * 10000).rounded())
    let sign = share < 0 && hundredths > 0 ? "-" : ""
    return "\(sign)\(hundredths / 100).\(padded(hundredths % 100, to: 2))"
  }

  /// A number of at least so many digits, with zeros in front: `007`.
  package static func padded(_ number: Int, to count: Int, radix: Int = 10) -> String {
    let digits = String(number, radix: radix)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }

  /// `nan`, `inf` or `-inf`.
  private static func word(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }
}
