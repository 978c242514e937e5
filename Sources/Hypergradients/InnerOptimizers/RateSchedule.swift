import Glibc

/// What the learning rate of a step is multiplied by, whatever tuning makes of it.
public enum RateScheduleKind: String, CaseIterable, Sendable {
  /// 1 throughout: the paper's, where tuning alone finds a schedule.
  case constant
  /// Half a cosine from 1 down to 0 over the whole training (Loshchilov and Hutter 2017).
  case cosine
}

/// A schedule over a training of T steps.
public struct RateSchedule: Equatable, Sendable {
  /// Its form.
  public var kind: RateScheduleKind
  /// T, at least 1.
  public var steps: Int

  /// A schedule; without arguments, none.
  public init(_ kind: RateScheduleKind = .constant, steps: Int = 1) {
    precondition(steps >= 1, "a schedule over \(steps) steps")
    self.kind = kind
    self.steps = steps
  }

  /// The factor of a step: cosine, ½ (1 + cos(π t / T)).
  ///
  /// - Parameter step: t, the steps taken before it.
  public func factor(step: Int) -> Double {
    switch kind {
    case .constant: 1
    case .cosine: 0.5 * (1 + cos(Double.pi * Double(step) / Double(steps)))
    }
  }

  /// The coefficients of a step, where `coefficients` are those of the window.
  func coefficients(_ coefficients: InnerCoefficients, step: Int) -> InnerCoefficients {
    guard kind != .constant else { return coefficients }
    return coefficients.scalingLearningRate(by: factor(step: step))
  }
}
