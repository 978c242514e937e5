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
  public init(_ name: HyperparameterName, tunedFrom raw: Double, _ transform: Transform) {
    precondition(raw.isFinite, "\(name.rawValue) starts from a raw number of \(raw)")
    self.name = name
    self.transform = transform
    isTuned = true
    number = raw
  }

  /// A hyperparameter that stays at the given value.
  ///
  /// - Parameters:
  ///   - name: which one it is.
  ///   - value: the value used in training, a finite number.
  public init(_ name: HyperparameterName, fixedAt value: Double) {
    precondition(value.isFinite, "\(name.rawValue) is fixed at \(value)")
    self.name = name
    transform = .identity
    isTuned = false
    number = value
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
    self.name = name
    self.transform = transform
    self.isTuned = isTuned
    if isTuned {
      guard let raw = transform.raw(of: value) else {
        throw HyperparameterError(name: name, value: value, transform: transform)
      }
      number = raw
    } else {
      guard value.isFinite else {
        throw HyperparameterError(name: name, value: value, transform: .identity)
      }
      number = value
    }
  }

  /// `learning-rate`, or `learning-rate[conv1]`.
  public var columnName: String { name.rawValue + (layer.map { "[\($0.name)]" } ?? "") }

  /// The value used in training.
  public var value: Double { isTuned ? transform.value(of: number) : number }

  /// φ, or nil where it is fixed.
  public var raw: Double? { isTuned ? number : nil }

  /// The derivative of the value with respect to φ; 0 where it is fixed.
  public var derivative: Double { isTuned ? transform.derivative(at: number) : 0 }

  /// Multiplies the value by a factor in (0, 1], through the inverse transform where it is tuned.
  ///
  /// - Returns: whether the value could be changed: not where no finite φ has the new one.
  mutating func scaleValue(by factor: Double) -> Bool {
    let target = value * factor
    guard isTuned else {
      number = target
      return true
    }
    guard let raw = transform.raw(of: target) else { return false }
    number = raw
    return true
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
      + "are \(transform.range). Choose another start or transform, or do not tune it."
  }
}
