/// Shares as people read them.
enum Percent {
  /// `93.95 %` of 0.9395.
  static func text(_ share: Double) -> String { "\(number(share)) %" }

  /// `93.95` of 0.9395; what is not finite in a word.
  static func number(_ share: Double) -> String {
    guard share.isFinite else { return NonFinite.word(share) }
    guard abs(share) < 1e9 else { return Progress.brief(100 * share) }
    let hundredths = Int((abs(share) * 10000).rounded())
    let rest = hundredths % 100
    let sign = share < 0 && hundredths > 0 ? "-" : ""
    return "\(sign)\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
