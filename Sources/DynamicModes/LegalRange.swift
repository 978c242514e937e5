/// The legal values of a setting, all finite, with their description in words.
public struct LegalRange<Number: Comparable & AdditiveArithmetic & Sendable>: Equatable, Sendable {
  /// The lower bound; nil if there is none.
  public let lower: Number?
  /// Whether the lower bound itself is legal.
  public let includesLower: Bool
  /// The upper bound; nil if there is none.
  public let upper: Number?
  /// Whether the upper bound itself is legal.
  public let includesUpper: Bool

  private init(
    _ lower: Number? = nil, includesLower: Bool = true, to upper: Number? = nil,
    includesUpper: Bool = true
  ) {
    (self.lower, self.includesLower) = (lower, includesLower)
    (self.upper, self.includesUpper) = (upper, includesUpper)
  }

  /// All finite numbers.
  public static var finite: LegalRange { LegalRange() }

  /// At least `lowest`, with no upper bound.
  public static func from(_ lowest: Number) -> LegalRange { LegalRange(lowest) }

  /// From `lowest` to `highest`, both included.
  public static func from(_ lowest: Number, to highest: Number) -> LegalRange {
    LegalRange(lowest, to: highest)
  }

  /// From `lowest` up to, but not including, `limit`.
  public static func from(_ lowest: Number, below limit: Number) -> LegalRange {
    LegalRange(lowest, to: limit, includesUpper: false)
  }

  /// Greater than `limit`.
  public static func above(_ limit: Number) -> LegalRange {
    LegalRange(limit, includesLower: false)
  }

  /// Greater than `limit`, at most `highest`.
  public static func above(_ limit: Number, to highest: Number) -> LegalRange {
    LegalRange(limit, includesLower: false, to: highest)
  }

  /// Between two limits, neither included.
  public static func above(_ limit: Number, below other: Number) -> LegalRange {
    LegalRange(limit, includesLower: false, to: other, includesUpper: false)
  }

  /// Whether a number is legal; NaN and infinities never are.
  public func contains(_ number: Number) -> Bool {
    let isAbove = lower.map { includesLower ? number >= $0 : number > $0 } ?? true
    let isBelow = upper.map { includesUpper ? number <= $0 : number < $0 } ?? true
    return isAbove && isBelow && number - number == .zero
  }

  /// The range in words, such as "from 1 to 64", to follow "must be".
  ///
  /// - Parameter text: formats a number.
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

  /// What is wrong with a setting outside this range, or nil if it is legal.
  ///
  /// - Parameters:
  ///   - setting: the key path of the number.
  ///   - settings: the settings that contain it.
  ///   - name: the setting's name in the sentence, to precede "is 0".
  public func complaint<Settings>(
    _ setting: KeyPath<Settings, Number>, of settings: Settings, _ name: String
  ) -> Complaint<Settings>? {
    let number = settings[keyPath: setting]
    guard !contains(number) else { return nil }
    return Complaint([setting], "\(name) is \(number): it must be \(self).")
  }
}

extension LegalRange: CustomStringConvertible {
  /// The range in words, with integers written without a decimal point.
  public var description: String {
    words { number in
      let text = "\(number)"
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
  }
}
