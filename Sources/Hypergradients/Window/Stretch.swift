/// The results of some consecutive inner steps.
public struct Stretch: Equatable, Sendable {
  /// The validation results after an inner step.
  public struct Observation: Equatable, Sendable {
    /// The number of inner steps since the start of the training, from 1.
    public let step: Int
    /// Loss and accuracy on the validation set after that step.
    public let evaluation: Evaluation
  }

  /// How a stretch ended.
  public enum Outcome: Equatable, Sendable {
    /// All steps were taken.
    case completed
    /// A number was not finite; later results are missing or meaningless.
    case diverged(Divergence)
  }

  /// The first inner step, from 1.
  public let firstStep: Int
  /// The training loss of every step taken.
  public internal(set) var losses: [Double] = []
  /// The observed steps, in order.
  public internal(set) var observations: [Observation] = []
  /// This rank's part of h: its columns, `[observed, columns]` row-major, or in reverse mode its
  /// rows, `[rows, q]`.
  public internal(set) var hypergradients: [Double] = []
  /// How the stretch ended.
  public internal(set) var outcome = Outcome.completed
  /// The time spent in each phase.
  public internal(set) var seconds = PhaseSeconds()

  init(firstStep: Int) { self.firstStep = firstStep }

  /// The mean training loss.
  public var meanLoss: Double { losses.reduce(0, +) / Double(losses.count) }
}

extension Stretch {
  /// This stretch joined with the one right after it, whose h is kept.
  func followed(by next: Stretch) -> Stretch {
    var all = self
    all.losses += next.losses
    all.observations += next.observations
    all.hypergradients = next.hypergradients
    all.outcome = next.outcome
    all.seconds += next.seconds
    return all
  }

  /// The divergence, if there was one.
  public var divergence: Divergence? {
    if case .diverged(let divergence) = outcome { divergence } else { nil }
  }
}
