import Glibc

/// A fixed learning rate schedule, applied on top of tuning.
public enum RateScheduleKind: String, CaseIterable, Sendable {
  /// A factor of 1 throughout: the paper's choice, where tuning alone finds a schedule.
  case constant
  /// Half a cosine from 1 down to 0 over the whole training (Loshchilov and Hutter 2017).
  case cosine
}

/// A learning rate schedule over T training steps.
public struct RateSchedule: Equatable, Sendable {
  /// Its shape.
  public var kind: RateScheduleKind
  /// T, at least 1.
  public var steps: Int

  /// Creates a schedule; defaults to a constant factor of 1.
  public init(_ kind: RateScheduleKind = .constant, steps: Int = 1) {
    precondition(steps >= 1, "a schedule over \(steps) steps")
    self.kind = kind
    self.steps = steps
  }

  /// The learning rate's factor in a step; for cosine, ½ (1 + cos(π t / T)).
  ///
  /// - Parameter step: t, the number of steps taken before it.
  public func factor(step: Int) -> Double {
    switch kind {
    case .constant: 1
    case .cosine: 0.5 * (1 + cos(Double.pi * Double(step) / Double(steps)))
    }
  }

  /// The coefficients of a step, given those of the window.
  func coefficients(_ coefficients: InnerCoefficients, step: Int) -> InnerCoefficients {
    guard kind != .constant else { return coefficients }
    return coefficients.scalingLearningRate(by: factor(step: step))
  }
}
