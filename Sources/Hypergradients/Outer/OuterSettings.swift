import DynamicModes

/// Which outer optimizer, and the numbers of all of them; each reads its own.
public struct OuterSettings: Equatable, Sendable {
  /// What moves the hyperparameters.
  public var optimizer = OuterOptimizerKind.adam
  /// The step size on the raw numbers; with Rprop, that of the first step.
  public var learningRate = 0.1
  /// SGD alone: its momentum.
  public var momentum = 0.0
  /// Adam alone: the decay of the mean.
  public var beta1 = 0.9
  /// Adam alone: the decay of the mean square.
  public var beta2 = 0.999
  /// Adam alone: added to the root of the mean square.
  public var epsilon = 1e-8
  /// Rprop alone: what a step is multiplied by where the sign turns.
  public var shrink = 0.5
  /// Rprop alone: what a step is multiplied by while the sign stays.
  public var growth = 1.2
  /// Rprop alone: the smallest step.
  public var smallest = 0.0
  /// Rprop alone: the largest step.
  public var largest = 1.0

  /// The defaults.
  public init() {}

  /// What is wrong with the numbers of the chosen optimizer taken together, or nil.
  public var complaint: Complaint<Self>? { optimizer.optimizer(self).rule.complaint(self) }
}

// What is legal for each number.
extension OuterSettings {
  /// Of `learningRate`.
  public static let legalLearningRates = LegalRange.above(0.0)
  /// Of `momentum`, `beta1` and `beta2`.
  public static let legalDecays = LegalRange.from(0.0, below: 1)
  /// Of `epsilon`.
  public static let legalEpsilons = LegalRange.above(0.0)
  /// Of `shrink`.
  public static let legalShrinks = LegalRange.above(0.0, below: 1)
  /// Of `growth`.
  public static let legalGrowths = LegalRange.from(1.0, to: 10)
  /// Of `smallest`.
  public static let legalSmallest = LegalRange.from(0.0)
  /// Of `largest`.
  public static let legalLargest = LegalRange.above(0.0)
}
