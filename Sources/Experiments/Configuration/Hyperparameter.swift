import Foundation
import Hypergradients

/// One hyperparameter of the inner optimizer: where it starts and whether it is tuned.
public struct Hyperparameter: Equatable, Sendable {
  /// A start, in the form in which it was written.
  public enum Start: Equatable, Sendable {
    /// The value used in training.
    case value(Double)
    /// φ, the unconstrained number before the transform.
    case raw(Double)
  }

  /// Where it starts.
  public var start: Start
  /// The map from the raw number to the value.
  public var transform: Transform
  /// Tuned, or fixed where it starts.
  public var tuned: Bool

  /// A hyperparameter that starts at a value or a raw number.
  public init(_ start: Start, _ transform: Transform, tuned: Bool) {
    self.start = start
    self.transform = transform
    self.tuned = tuned
  }

  /// The value at the start.
  public var value: Double {
    switch start {
    case .value(let value): value
    case .raw(let raw): transform.applied(to: raw)
    }
  }

  /// φ at the start: infinite or not a number where the transform does not reach the value, which
  /// only a fixed hyperparameter may have.
  public var raw: Double {
    switch start {
    case .value(let value): transform.inverted(at: value)
    case .raw(let raw): raw
    }
  }
}

extension Transform: SettingValue {
  /// The values that the transform reaches, ready to follow "must be".
  var reach: String {
    switch self {
    case .sigmoid: "above 0 and below 1"
    case .exp, .softplus: "above 0"
    case .identity: "finite"
    }
  }

  func reaches(_ value: Double) -> Bool {
    switch self {
    case .sigmoid: value > 0 && value < 1
    case .exp, .softplus: value > 0 && value.isFinite
    case .identity: value.isFinite
    }
  }

  /// The value of a raw number; each branch avoids the overflow of the other.
  func applied(to raw: Double) -> Double {
    switch self {
    case .sigmoid:
      raw >= 0 ? 1 / (1 + Foundation.exp(-raw)) : Foundation.exp(raw) / (1 + Foundation.exp(raw))
    case .exp: Foundation.exp(raw)
    case .softplus: max(raw, 0) + log1p(Foundation.exp(-abs(raw)))
    case .identity: raw
    }
  }

  /// The raw number of a value.
  func inverted(at value: Double) -> Double {
    switch self {
    case .sigmoid: log(value) - log1p(-value)
    case .exp: log(value)
    // log(eᵛ − 1) = v + log(1 − e⁻ᵛ): no overflow for large v, no cancellation for small v.
    case .softplus: value + log(-expm1(-value))
    case .identity: value
    }
  }
}
