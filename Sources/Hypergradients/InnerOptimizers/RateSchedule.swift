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
  /// W, the first steps over which the factor rises to 1 in a straight line; below T, or 0.
  public var warmup: Int

  /// Creates a schedule; defaults to a constant factor of 1.
  public init(_ kind: RateScheduleKind = .constant, steps: Int = 1, warmup: Int = 0) {
    precondition(
      steps >= 1 && warmup >= 0 && (warmup < steps || warmup == 0),
      "a schedule over \(steps) steps with a warm-up of \(warmup)")
    self.kind = kind
    self.steps = steps
    self.warmup = warmup
  }

  /// Whether the factor is 1 in every step.
  public var isConstant: Bool { kind == .constant && warmup == 0 }

  /// The learning rate's factor in a step: (t + 1) / W during the warm-up; then, for cosine,
  /// ½ (1 + cos(π (t − W) / (T − W))).
  ///
  /// - Parameter step: t, the number of steps taken before it.
  public func factor(step: Int) -> Double {
    if step < warmup { return Double(step + 1) / Double(warmup) }
    switch kind {
    case .constant: return 1
    case .cosine:
      return 0.5 * (1 + cos(Double.pi * Double(step - warmup) / Double(steps - warmup)))
    }
  }

  /// The coefficients of a step, given those of the window.
  func coefficients(_ coefficients: InnerCoefficients, step: Int) -> InnerCoefficients {
    guard !isConstant else { return coefficients }
    return coefficients.scalingLearningRate(by: factor(step: step))
  }
}
