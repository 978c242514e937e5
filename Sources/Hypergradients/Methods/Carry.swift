import DynamicModes

/// The factor that the previous window's columns are multiplied by at the start of the next.
///
/// The paper resets them: h then sees only the steps of its own window and, if training continues
/// for long, prefers short-term gains to long-term ones. Columns multiplied by d remember about τ /
/// (1 − d) steps. Not from the paper.
public enum Carry: Hashable, Sendable {
  /// The same factor in every window, in [0, 1]: 0 resets (paper), 1 never forgets.
  case decay(Double)
  /// The factor 1 − τ / (T − t) at step t: columns remember as many steps as are left, many at the
  /// start and only their own window at the end.
  case remaining

  /// Whether columns are reset in every window.
  public var isReset: Bool { self == .decay(0) }

  /// The factor at a window's start.
  ///
  /// - Parameters:
  ///   - window: τ.
  ///   - remaining: T − t, the inner steps that are left, including those of the window.
  /// - Returns: a number in [0, 1].
  public func factor(window: Int, remaining: Int) -> Double {
    switch self {
    case .decay(let decay): decay
    case .remaining: max(0, 1 - Double(window) / Double(max(remaining, 1)))
    }
  }

  /// What is out of range, or nil.
  public var complaint: String? {
    guard case .decay(let decay) = self, !Self.legalDecays.contains(decay) else { return nil }
    return "the decay is \(decay): it must be \(Self.legalDecays)."
  }

  /// The legal range of a decay.
  public static let legalDecays = LegalRange.from(0.0, to: 1)
}

extension Carry: Comparable {
  /// Orders decays by value, and `remaining` after them.
  public static func < (left: Carry, right: Carry) -> Bool {
    switch (left, right) {
    case (.decay(let a), .decay(let b)): a < b
    case (.decay, .remaining): true
    case (.remaining, _): false
    }
  }
}

extension Carry: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// Creates a decay.
  public init(floatLiteral value: Double) { self = .decay(value) }

  /// Creates a decay of 0 or 1.
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

  /// Parses a decay or `remaining`; returns nil for anything else.
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
