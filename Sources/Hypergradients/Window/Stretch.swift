/// What came out of some inner steps in a row.
public struct Stretch: Equatable, Sendable {
  /// The validation set seen after an inner step.
  public struct Observation: Equatable, Sendable {
    /// The inner steps since the start of the training, from 1.
    public let step: Int
    /// Loss and accuracy on the validation set after that step.
    public let evaluation: Evaluation
  }

  /// How a stretch ended.
  public enum Outcome: Equatable, Sendable {
    /// All steps were taken.
    case completed
    /// A number was not finite; what comes after it is missing or meaningless.
    case diverged(Divergence)
  }

  /// The first inner step, from 1.
  public let firstStep: Int
  /// The training loss of every step that was taken.
  public internal(set) var losses: [Double] = []
  /// The observed steps, in order.
  public internal(set) var observations: [Observation] = []
  /// This rank's part of h: its columns, `[observed, columns]` row-major, or in reverse mode its rows,
  /// `[rows, q]`.
  public internal(set) var hypergradients: [Double] = []
  /// How it ended.
  public internal(set) var outcome = Outcome.completed
  /// Where the time went.
  public internal(set) var seconds = PhaseSeconds()

  init(firstStep: Int) { self.firstStep = firstStep }

  /// The mean training loss.
  public var meanLoss: Double { losses.reduce(0, +) / Double(losses.count) }
}

extension Stretch {
  /// This stretch and the one right after it; h is that of the second.
  func followed(by next: Stretch) -> Stretch {
    var all = self
    all.losses += next.losses
    all.observations += next.observations
    all.hypergradients = next.hypergradients
    all.outcome = next.outcome
    all.seconds += next.seconds
    return all
  }

  /// What was not finite, if anything.
  public var divergence: Divergence? {
    if case .diverged(let divergence) = outcome { divergence } else { nil }
  }
}
