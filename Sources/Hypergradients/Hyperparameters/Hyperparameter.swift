/// A hyperparameter of the inner optimizer: its value in training and, if tuned, the φ behind it.
public struct Hyperparameter: Equatable, Sendable {
  /// The hyperparameter's name.
  public let name: HyperparameterName
  /// Maps φ to the value.
  public let transform: Transform
  /// Whether the outer optimizer tunes it; a tuned hyperparameter has a column.
  public let isTuned: Bool
  /// The layer it applies to; nil if it applies to all layers.
  public var layer: HyperparameterLayer?
  /// The range that updates and retreats keep the value in; the starting value may lie outside.
  public let limits: ClosedRange<Double>
  /// φ at both limits.
  private let rawLimits: ClosedRange<Double>

  /// φ if tuned, otherwise the value itself.
  ///
  /// A fixed hyperparameter has no φ, so its value keeps every bit and may be one that the
  /// transform cannot reach (a momentum of exactly 0).
  var number: Double

  /// A tuned hyperparameter at the given φ.
  ///
  /// - Parameters:
  ///   - name: the hyperparameter's name.
  ///   - raw: φ, finite.
  ///   - transform: maps φ to the value.
  ///   - limits: the range to keep the value in; nil: all legal values.
  public init(
    _ name: HyperparameterName, tunedFrom raw: Double, _ transform: Transform,
    limits: ClosedRange<Double>? = nil
  ) {
    precondition(raw.isFinite, "\(name.rawValue) starts from a raw number of \(raw)")
    self.init(name, transform, isTuned: true, number: raw, limits: limits)
  }

  /// A fixed hyperparameter with the given value.
  ///
  /// - Parameters:
  ///   - name: the hyperparameter's name.
  ///   - value: the value used in training, finite.
  ///   - limits: the range to keep the value in when training retreats; nil: all legal values.
  public init(
    _ name: HyperparameterName, fixedAt value: Double, limits: ClosedRange<Double>? = nil
  ) {
    precondition(value.isFinite, "\(name.rawValue) is fixed at \(value)")
    self.init(name, .identity, isTuned: false, number: value, limits: limits)
  }

  /// A hyperparameter with the given starting value.
  ///
  /// - Parameters:
  ///   - name: the hyperparameter's name.
  ///   - value: the value used in training.
  ///   - transform: maps φ to the value.
  ///   - isTuned: whether the outer optimizer tunes it.
  /// - Throws: `HyperparameterError` if it is tuned and no φ gives this value, or the value is not
  ///   finite.
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

  /// φ, or nil if fixed.
  public var raw: Double? { isTuned ? number : nil }

  /// The derivative of the value with respect to φ; 0 if fixed.
  public var derivative: Double { isTuned ? transform.derivative(at: number) : 0 }

  /// Multiplies the value by a factor in (0, 1], clamped to its limits; if tuned, sets φ through
  /// the inverse transform.
  ///
  /// - Returns: whether the value decreased.
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

  /// Moves φ to the nearest one whose value is within the limits; does nothing if fixed.
  ///
  /// - Returns: whether φ moved.
  mutating func project() -> Bool {
    guard isTuned else { return false }
    let nearest = min(max(number, rawLimits.lowerBound), rawLimits.upperBound)
    defer { number = nearest }
    return nearest != number
  }
}

/// A layer of θ with its own value of a hyperparameter.
public struct HyperparameterLayer: Equatable, Sendable {
  /// Its index among the problem's layers.
  public let index: Int
  /// Its name in logs.
  public let name: String

  /// Creates a layer from its index and name.
  public init(index: Int, name: String) {
    self.index = index
    self.name = name
  }
}

/// A starting value that a tuned hyperparameter cannot have.
public struct HyperparameterError: Error, Equatable, CustomStringConvertible {
  /// The hyperparameter.
  public let name: HyperparameterName
  /// The rejected starting value.
  public let value: Double
  /// Its transform.
  public let transform: Transform

  /// What is wrong and how to fix it.
  public var description: String {
    "\(name.rawValue) cannot start at \(value): with the transform \(transform.rawValue) its values "
      + "are \(transform.reach). Choose another start or transform, or do not tune it."
  }
}
