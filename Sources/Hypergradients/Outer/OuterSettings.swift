import DynamicModes

/// The choice of outer optimizer and the settings of all of them; each reads only its own.
public struct OuterSettings: Equatable, Sendable {
  /// The optimizer.
  public var optimizer = OuterOptimizerKind.adam
  /// The step size on the raw numbers; for Rprop, the initial step size.
  public var learningRate = 0.1
  /// SGD only: its momentum.
  public var momentum = 0.0
  /// Adam only: β₁, the decay of the mean.
  public var beta1 = 0.9
  /// Adam only: β₂, the decay of the mean square.
  public var beta2 = 0.999
  /// Adam only: ε, added to the root of the mean square.
  public var epsilon = 1e-8
  /// Rprop only: the factor on the step size when the sign of h flips.
  public var shrink = 0.5
  /// Rprop only: the factor on the step size while the sign of h stays the same.
  public var growth = 1.2
  /// Rprop only: the smallest step size.
  public var smallest = 0.0
  /// Rprop only: the largest step size.
  public var largest = 1.0

  /// Creates settings with the defaults.
  public init() {}

  /// What is wrong with the chosen optimizer's settings taken together, or nil.
  public var complaint: Complaint<Self>? { optimizer.optimizer(self).rule.complaint(self) }
}

// The legal range of each number.
extension OuterSettings {
  /// The legal range of `learningRate`.
  public static let legalLearningRates = LegalRange.above(0.0)
  /// The legal range of `momentum`, `beta1` and `beta2`.
  public static let legalDecays = LegalRange.from(0.0, below: 1)
  /// The legal range of `epsilon`.
  public static let legalEpsilons = LegalRange.above(0.0)
  /// The legal range of `shrink`.
  public static let legalShrinks = LegalRange.above(0.0, below: 1)
  /// The legal range of `growth`.
  public static let legalGrowths = LegalRange.from(1.0, to: 10)
  /// The legal range of `smallest`.
  public static let legalSmallest = LegalRange.from(0.0)
  /// The legal range of `largest`.
  public static let legalLargest = LegalRange.above(0.0)
}
