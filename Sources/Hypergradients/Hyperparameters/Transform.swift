import DynamicModes
import Glibc

/// The map from the unconstrained number φ to the value used in training.
public enum Transform: String, CaseIterable, Sendable {
  case sigmoid, exp, softplus, identity
}

extension Transform {
  /// The value used in training for the unconstrained number φ.
  ///
  ///     sigmoid: 1/(1 + e^(−φ))     exp: e^φ     softplus: ln(1 + e^φ)     identity: φ
  ///
  /// Values that would round to the end of an open interval are kept just inside, so Adam's β never
  /// reaches 1 and no logarithm reaches −∞, however extreme φ is.
  ///
  /// - Parameter raw: φ, any finite number.
  public func value(of raw: Double) -> Double {
    switch self {
    case .sigmoid: min(max(logistic(raw), leastValue), greatestValue)
    case .exp: min(max(Glibc.exp(raw), leastValue), greatestValue)
    case .softplus: max(max(raw, 0) + log1p(Glibc.exp(-abs(raw))), leastValue)
    case .identity: raw
    }
  }

  /// The derivative of the value with respect to φ.
  ///
  ///     sigmoid: s(φ) s(−φ)     exp: e^φ     softplus: s(φ)     identity: 1
  ///
  /// - Parameter raw: φ, any finite number.
  public func derivative(at raw: Double) -> Double {
    switch self {
    // s(−φ) rather than 1 − s(φ), which rounds to 0 from φ = 37 on.
    case .sigmoid: logistic(raw) * logistic(-raw)
    case .exp: value(of: raw)
    case .softplus: logistic(raw)
    case .identity: 1
    }
  }

  /// The φ that gives this value, or nil if no finite φ does.
  ///
  ///     sigmoid: ln x − ln(1 − x)     exp: ln x     softplus: x + ln(1 − e^(−x))     identity: x
  ///
  /// - Parameter value: a value within `reach`.
  public func raw(of value: Double) -> Double? {
    guard reach.contains(value) else { return nil }
    return switch self {
    case .sigmoid: log(value) - log1p(-value)
    case .exp: log(value)
    case .softplus: softplusInverse(value)
    case .identity: value
    }
  }

  /// The values that some φ maps to.
  public var reach: LegalRange<Double> {
    switch self {
    case .sigmoid: .above(0, below: 1)
    case .exp, .softplus: .above(0)
    case .identity: .finite
    }
  }

  private var leastValue: Double { .leastNormalMagnitude }

  private var greatestValue: Double {
    self == .sigmoid ? 1 - .ulpOfOne / 2 : .greatestFiniteMagnitude
  }
}

/// 1/(1 + e^(−x)) without overflow for either sign.
private func logistic(_ x: Double) -> Double {
  guard x < 0 else { return 1 / (1 + exp(-x)) }
  let power = exp(x)
  return power / (1 + power)
}

/// ln(e^x − 1), computed in branches that neither cancel nor overflow.
private func softplusInverse(_ x: Double) -> Double {
  x < 1 ? log(expm1(x)) : x + log1p(-exp(-x))
}
