/// Why a text is not a rank rule.
public struct RankRuleSyntaxError: Error, Equatable, CustomStringConvertible {
  /// A sentence with the text and the allowed forms.
  public let description: String
}

extension RankRule: LosslessStringConvertible {
  /// The rule as written in configuration files, for example `energy 0.9999`.
  public var description: String {
    switch self {
    case .full: "full"
    case .fixed(let count): "fixed \(count)"
    case .energy(let share): "energy \(share)"
    case .hardThreshold: "hard-threshold"
    }
  }

  /// Parses a rule; returns nil if the text is not one, and `init(parsing:)` says why.
  public init?(_ description: String) {
    guard let rule = try? RankRule(parsing: description) else { return nil }
    self = rule
  }

  /// Parses `full`, `fixed COUNT`, `energy SHARE` or `hard-threshold`.
  ///
  /// - Throws: `RankRuleSyntaxError` if the text is none of them or its number is missing,
  ///   superfluous or out of range.
  public init(parsing text: String) throws(RankRuleSyntaxError) {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    let rule: RankRule? =
      switch (words.first, words.count) {
      case ("full", 1): .full
      case ("hard-threshold", 1): .hardThreshold
      case ("fixed", 2): Int(words[1]).map(RankRule.fixed)
      case ("energy", 2): Double(words[1]).map(RankRule.energy)
      default: nil
      }
    guard let rule else {
      throw RankRuleSyntaxError(
        description: "\"\(text)\" is not a rank rule: write full, fixed COUNT (fixed 5), "
          + "energy SHARE (energy 0.9999) or hard-threshold.")
    }
    if let complaint = rule.complaint { throw RankRuleSyntaxError(description: complaint) }
    self = rule
  }

  /// Why the rule's number is out of range, or nil.
  public var complaint: String? {
    switch self {
    case .fixed(let count) where !Self.legalCounts.contains(count):
      "the rank is fixed at \(count): it must be \(Self.legalCounts)."
    case .energy(let share) where !Self.legalShares.contains(share):
      "the energy share is \(share): it must be \(Self.legalShares)."
    default: nil
    }
  }

  /// The legal range of a fixed rank.
  public static let legalCounts = LegalRange.from(1)
  /// The legal range of an energy fraction.
  public static let legalShares = LegalRange.above(0.0, to: 1)
}
