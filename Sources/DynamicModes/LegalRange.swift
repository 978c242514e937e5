/// The numbers that a setting may have, all of them finite, and the words that say so.
public struct LegalRange<Number: Comparable & AdditiveArithmetic & Sendable>: Equatable, Sendable {
  /// The lower end; nil where there is none.
  public let lower: Number?
  /// Whether the lower end is legal itself.
  public let includesLower: Bool
  /// The upper end; nil where there is none.
  public let upper: Number?
  /// Whether the upper end is legal itself.
  public let includesUpper: Bool

  private init(
    _ lower: Number? = nil, includesLower: Bool = true, to upper: Number? = nil,
    includesUpper: Bool = true
  ) {
    (self.lower, self.includesLower) = (lower, includesLower)
    (self.upper, self.includesUpper) = (upper, includesUpper)
  }

  /// Every number.
  public static var finite: LegalRange { LegalRange() }

  /// Without an upper end.
  public static func from(_ lowest: Number) -> LegalRange { LegalRange(lowest) }

  /// Both ends are legal.
  public static func from(_ lowest: Number, to highest: Number) -> LegalRange {
    LegalRange(lowest, to: highest)
  }

  /// Up to, but not including, the limit.
  public static func from(_ lowest: Number, below limit: Number) -> LegalRange {
    LegalRange(lowest, to: limit, includesUpper: false)
  }

  /// More than the limit.
  public static func above(_ limit: Number) -> LegalRange {
    LegalRange(limit, includesLower: false)
  }

  /// More than one limit, at most the other.
  public static func above(_ limit: Number, to highest: Number) -> LegalRange {
    LegalRange(limit, includesLower: false, to: highest)
  }

  /// Between the two, neither included.
  public static func above(_ limit: Number, below other: Number) -> LegalRange {
    LegalRange(limit, includesLower: false, to: other, includesUpper: false)
  }

  /// Whether a number is legal; NaN and the infinities never are.
  public func contains(_ number: Number) -> Bool {
    let isAbove = lower.map { includesLower ? number >= $0 : number > $0 } ?? true
    let isBelow = upper.map { includesUpper ? number <= $0 : number < $0 } ?? true
    return isAbove && isBelow && number - number == .zero
  }

  /// "from 1 to 64", ready to follow "must be".
  ///
  /// - Parameter text: how a number is written.
  public func words(_ text: (Number) -> String) -> String {
    switch (lower.map(text), includesLower, upper.map(text), includesUpper) {
    case (let lower?, true, let upper?, true): "from \(lower) to \(upper)"
    case (let lower?, true, let upper?, false): "from \(lower) to below \(upper)"
    case (let lower?, false, let upper?, true): "above \(lower), at most \(upper)"
    case (let lower?, false, let upper?, false): "above \(lower) and below \(upper)"
    case (let lower?, true, nil, _): "at least \(lower)"
    case (let lower?, false, nil, _): "above \(lower)"
    case (nil, _, let upper?, true): "at most \(upper)"
    case (nil, _, let upper?, false): "below \(upper)"
    case (nil, _, nil, _): "finite"
    }
  }

  /// What is wrong with a setting that should lie here, or nil.
  ///
  /// - Parameters:
  ///   - setting: the number.
  ///   - settings: where it stands.
  ///   - name: what it is called, ready to precede "is 0".
  public func complaint<Settings>(
    _ setting: KeyPath<Settings, Number>, of settings: Settings, _ name: String
  ) -> Complaint<Settings>? {
    let number = settings[keyPath: setting]
    guard !contains(number) else { return nil }
    return Complaint([setting], "\(name) is \(number): it must be \(self).")
  }
}

extension LegalRange: CustomStringConvertible {
  /// The words, with whole numbers written without a point.
  public var description: String {
    words { number in
      let text = "\(number)"
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
  }
}
