/// A point at which training may be left; every rank of the world passes the same sequence of them.
public enum SafePoint: CaseIterable, Sendable {
  /// Before an inner step.
  case step
  /// Before an inner step with a validation gradient after it.
  case observation
  /// Before a step of reverse mode's backward pass.
  case wayBack
}

/// Whether training should stop at a safe point; all ranks must get the same answer.
public typealias StopQuestion = (SafePoint) -> Bool

/// Thrown when training was asked to stop and left at a safe point.
///
/// `Tuner.nextWindow` throws it with the state back at the window's start, ready for a checkpoint.
public struct TuningInterruption: Error, Equatable, Sendable {}
