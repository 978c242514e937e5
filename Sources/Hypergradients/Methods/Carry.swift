import DynamicModes

/// What the columns of the last window are multiplied by where the next one starts.
///
/// The paper resets them: h then sees the steps of its own window only and, where training goes on for
/// long, mistakes what is good soon for what is good in the end. Columns multiplied by d remember about
/// τ / (1 − d) steps. Not from the paper.
public enum Carry: Hashable, Sendable {
  /// By the same number everywhere, in [0, 1]: 0 resets (paper), 1 never forgets.
  case decay(Double)
  /// By 1 − τ / (T − t) at step t, so that columns remember as many steps as will follow: far at the
  /// start, and the window alone at the end.
  case remaining

  /// Whether columns start anew in every window.
  public var isReset: Bool { self == .decay(0) }

  /// The factor at a window's start.
  ///
  /// - Parameters:
  ///   - window: τ.
  ///   - remaining: T − t, the inner steps that are left, those of the window included.
  /// - Returns: a number in [0, 1].
  public func factor(window: Int, remaining: Int) -> Double {
    switch self {
    case .decay(let decay): decay
    case .remaining: max(0, 1 - Double(window) / Double(max(remaining, 1)))
    }
  }

  /// Says what is out of range, or nil.
  public var complaint: String? {
    guard case .decay(let decay) = self, !Self.legalDecays.contains(decay) else { return nil }
    return "the decay is \(decay): it must be \(Self.legalDecays)."
  }

  /// What is legal for a decay.
  public static let legalDecays = LegalRange.from(0.0, to: 1)
}

extension Carry: Comparable {
  /// Decays rise; `remaining` comes after them.
  public static func < (left: Carry, right: Carry) -> Bool {
    switch (left, right) {
    case (.decay(let a), .decay(let b)): a < b
    case (.decay, .remaining): true
    case (.remaining, _): false
    }
  }
}

extension Carry: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A decay.
  public init(floatLiteral value: Double) { self = .decay(value) }

  /// A decay: 0 or 1.
  public init(integerLiteral value: Int) { self = .decay(Double(value)) }
}

extension Carry: LosslessStringConvertible {
  /// `remaining`, or the decay.
  public var description: String {
    switch self {
    case .decay(let decay): "\(decay)"
    case .remaining: "remaining"
    }
  }

  /// Reads a decay or `remaining`; nil for anything else.
  public init?(_ description: String) {
    if description == "remaining" {
      self = .remaining
    } else if let decay = Double(description) {
      self = .decay(decay)
    } else {
      return nil
    }
  }
}
