/// One hyperparameter of the inner optimizer: a value in training and, when tuned, the φ behind it.
public struct Hyperparameter: Equatable, Sendable {
  /// Which one it is.
  public let name: HyperparameterName
  /// From φ to the value.
  public let transform: Transform
  /// Whether the outer optimizer moves it; it then has a column.
  public let isTuned: Bool
  /// The layer it belongs to; nil where it is that of all layers.
  public var layer: HyperparameterLayer?
  /// The values it keeps to, whatever moves it; a start may lie outside.
  public let limits: ClosedRange<Double>
  /// φ at both ends of them.
  private let rawLimits: ClosedRange<Double>

  /// φ where it is tuned, and the value itself where it is fixed.
  ///
  /// A fixed one has no φ, so that it keeps every bit of its value and may have values that its
  /// transform does not reach (a momentum of exactly 0).
  var number: Double

  /// A tuned hyperparameter at the given φ.
  ///
  /// - Parameters:
  ///   - name: which one it is.
  ///   - raw: φ, a finite number.
  ///   - transform: from φ to the value.
  ///   - limits: the values it keeps to; nil: all legal ones.
  public init(
    _ name: HyperparameterName, tunedFrom raw: Double, _ transform: Transform,
    limits: ClosedRange<Double>? = nil
  ) {
    precondition(raw.isFinite, "\(name.rawValue) starts from a raw number of \(raw)")
    self.init(name, transform, isTuned: true, number: raw, limits: limits)
  }

  /// A hyperparameter that stays at the given value.
  ///
  /// - Parameters:
  ///   - name: which one it is.
  ///   - value: the value used in training, a finite number.
  ///   - limits: the values it keeps to when training retreats; nil: all legal ones.
  public init(
    _ name: HyperparameterName, fixedAt value: Double, limits: ClosedRange<Double>? = nil
  ) {
    precondition(value.isFinite, "\(name.rawValue) is fixed at \(value)")
    self.init(name, .identity, isTuned: false, number: value, limits: limits)
  }

  /// A hyperparameter that starts at the given value.
  ///
  /// - Parameters:
  ///   - name: which one it is.
  ///   - value: the value used in training.
  ///   - transform: from φ to the value.
  ///   - isTuned: whether the outer optimizer moves it.
  /// - Throws: `HyperparameterError` when a tuned one could not have this value, or it is not finite.
  public init(
    _ name: HyperparameterName, value: Double, _ transform: Transform, isTuned: Bool
  ) throws(HyperparameterError) {
    let number = isTuned ? transform.raw(of: value) : value.isFinite ? value : nil
    guard let number else {
      throw HyperparameterError(
        name: name, value: value, transform: isTuned ? transform : .identity)
    }
    self.init(name, transform, isTuned: isTuned, number: number, limits: nil)
  }

  private init(
    _ name: HyperparameterName, _ transform: Transform, isTuned: Bool, number: Double,
    limits: ClosedRange<Double>?
  ) {
    self.name = name
    self.transform = transform
    self.isTuned = isTuned
    self.number = number
    self.limits = limits ?? name.legalValues.kept
    rawLimits = transform.rawLimits(of: self.limits)
  }

  /// `learning-rate`, or `learning-rate[conv1]`.
  public var columnName: String { name.rawValue + (layer.map { "[\($0.name)]" } ?? "") }

  /// The value used in training.
  public var value: Double { isTuned ? transform.value(of: number) : number }

  /// φ, or nil where it is fixed.
  public var raw: Double? { isTuned ? number : nil }

  /// The derivative of the value with respect to φ; 0 where it is fixed.
  public var derivative: Double { isTuned ? transform.derivative(at: number) : 0 }

  /// Multiplies the value by a factor in (0, 1], as far as its limits allow, through the inverse
  /// transform where it is tuned.
  ///
  /// - Returns: whether the value became smaller.
  mutating func scaleValue(by factor: Double) -> Bool {
    let before = value
    let target = max(before * factor, limits.lowerBound)
    guard target < before else { return false }
    if isTuned {
      guard let raw = transform.raw(of: target) else { return false }
      number = max(raw, rawLimits.lowerBound)
    } else {
      number = target
    }
    return value < before
  }

  /// Brings φ to the nearest one whose value is within the limits; a fixed one stays as it is.
  ///
  /// - Returns: whether it had to move.
  mutating func project() -> Bool {
    guard isTuned else { return false }
    let nearest = min(max(number, rawLimits.lowerBound), rawLimits.upperBound)
    defer { number = nearest }
    return nearest != number
  }
}

/// A part of θ with a hyperparameter of its own.
public struct HyperparameterLayer: Equatable, Sendable {
  /// Its place among the problem's layers.
  public let index: Int
  /// What logs call it.
  public let name: String

  /// A layer.
  public init(index: Int, name: String) {
    self.index = index
    self.name = name
  }
}

/// A start that a tuned hyperparameter cannot have.
public struct HyperparameterError: Error, Equatable, CustomStringConvertible {
  /// Which hyperparameter.
  public let name: HyperparameterName
  /// The start that was asked for.
  public let value: Double
  /// Its transform.
  public let transform: Transform

  /// What is wrong, and what to do.
  public var description: String {
    "\(name.rawValue) cannot start at \(value): with the transform \(transform.rawValue) its values "
      + "are \(transform.reach). Choose another start or transform, or do not tune it."
  }
}
