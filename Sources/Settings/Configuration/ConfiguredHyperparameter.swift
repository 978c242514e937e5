import Hypergradients

/// One hyperparameter of the inner optimizer: where it starts and whether it is tuned.
package struct ConfiguredHyperparameter: Equatable, Sendable {
  /// A start, in the form in which it was written.
  package enum Start: Equatable, Sendable {
    /// The value used in training.
    case value(Double)
    /// φ, the unconstrained number before the transform.
    case raw(Double)
  }

  /// Where it starts.
  package var start: Start
  /// The map from the raw number to the value.
  package var transform: Transform
  /// Tuned, or fixed where it starts.
  package var tuned: Bool
  /// Whether every layer of the network has its own.
  package var perLayer = false
  /// The least value it may be given; nil: the least that is legal.
  package var minimum: Double?
  /// The greatest value it may be given; nil: the greatest that is legal.
  package var maximum: Double?

  /// A hyperparameter that starts at a value or a raw number.
  package init(_ start: Start, _ transform: Transform, tuned: Bool) {
    self.start = start
    self.transform = transform
    self.tuned = tuned
  }

  /// The value at the start.
  package var value: Double {
    switch start {
    case .value(let value): value
    case .raw(let raw): transform.value(of: raw)
    }
  }

  /// φ at the start: not a number where the transform does not reach the value, which
  /// only a fixed hyperparameter may have.
  package var raw: Double {
    switch start {
    case .value(let value): transform.raw(of: value) ?? .nan
    case .raw(let raw): raw
    }
  }
}

extension Transform: SettingValue {}
