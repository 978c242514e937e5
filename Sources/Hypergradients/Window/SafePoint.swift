/// A moment at which training may be left: every rank of the world comes there as often as any other.
public enum SafePoint: CaseIterable, Sendable {
  /// Before an inner step.
  case step
  /// Before an inner step with a validation gradient after it.
  case observation
  /// Before a step of the reverse mode's way back.
  case wayBack
}

/// Asks at a safe point whether training should stop there; all ranks must get the same answer.
public typealias StopQuestion = (SafePoint) -> Bool

/// Training was left at a safe point because it was asked to stop.
///
/// Thrown by `Tuner.nextWindow` with the state back at the window's start, ready for a checkpoint.
public struct TuningInterruption: Error, Equatable, Sendable {}
