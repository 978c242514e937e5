import DynamicModes

/// How a run is divided into windows and what happens in each.
public struct TuningSettings: Equatable, Sendable {
  /// How φ is updated.
  public var method: Method
  /// T: the number of inner steps of a training from θ₀, at least 1.
  public var steps: Int
  /// τ: the number of inner steps in a window, at least 1 (paper: 50); the last window may be
  /// shorter.
  public var window: Int
  /// σ: the number of last steps of a window after which h is taken, from 1 to τ; `glocal` only.
  ///
  /// Not from the paper.
  public var observed: Int
  /// What happens to the columns at a window's start: reset (paper) or carried over.
  ///
  /// For `local`, `glocal` and, between playouts, `truncated-global`; `global` and `global-restart`
  /// reset their columns for every update.
  public var carry: Carry
  /// How `glocal` estimates the limit.
  public var estimator: Estimator
  /// `global-restart` only: the number of trainings from θ₀, each followed by one update; at least
  /// 1.
  public var outerSteps: Int
  /// `truncated-global` only: N, the windows in a playout and between two updates; at least 1.
  public var playoutWindows: Int
  /// `implicit` only: the approximation to the inverse Hessian.
  public var implicit: ImplicitSettings
  /// The learning rate schedule applied on top of tuning.
  public var schedule: RateScheduleKind
  /// The first steps, over which the learning rate rises to what the schedule says; below `steps`.
  public var warmup: Int
  /// Early stopping: the number of windows (with `globalRestart`, trainings) without a better
  /// validation loss after which the run ends, at least 1; nil: it never ends early.
  public var patience: Int?
  /// What to do if numbers are not finite.
  public var divergence: DivergenceSettings
  /// How h is computed.
  public var mode: DifferentiationMode
  /// The maximum bytes per rank for a stored trajectory; reverse mode only.
  public var trajectoryMemory: Int

  /// Creates settings; defaults that the paper does not give are the design's.
  public init(
    method: Method, steps: Int, window: Int = 50, observed: Int = 20, carry: Carry = 0,
    estimator: Estimator = .dmd, outerSteps: Int = 10, playoutWindows: Int = 4,
    implicit: ImplicitSettings = ImplicitSettings(), schedule: RateScheduleKind = .constant,
    warmup: Int = 0, patience: Int? = nil,
    divergence: DivergenceSettings = DivergenceSettings(),
    mode: DifferentiationMode = .forward,
    trajectoryMemory: Int = 2_000_000_000
  ) {
    self.method = method
    self.steps = steps
    self.window = window
    self.observed = observed
    self.carry = carry
    self.estimator = estimator
    self.outerSteps = outerSteps
    self.playoutWindows = playoutWindows
    self.implicit = implicit
    self.schedule = schedule
    self.warmup = warmup
    self.patience = patience
    self.divergence = divergence
    self.mode = mode
    self.trajectoryMemory = trajectoryMemory
  }

  /// What the learning rate is multiplied by over the training.
  public var rateSchedule: RateSchedule { RateSchedule(schedule, steps: steps, warmup: warmup) }

  /// The first setting that is invalid or conflicts with the others, or nil.
  ///
  /// - Parameter count: q, the length of φ.
  public func complaint(count: Int) -> Complaint<Self>? {
    ownComplaint ?? tunedComplaint(count: count) ?? method.rule.complaint(self) ?? modeComplaint
      ?? divergence.complaint?.within(\.divergence)
  }

  /// The first number that is out of range by itself.
  private var ownComplaint: Complaint<Self>? {
    if let patience, !Self.legalPatiences.contains(patience) {
      return Complaint(
        [\.patience], "the patience is \(patience) windows: it must be \(Self.legalPatiences).")
    }
    if warmup > 0, warmup >= steps {
      return Complaint(
        [\.warmup, \.steps],
        "a warm-up of \(warmup) steps does not end before the training of \(steps) does: take a "
          + "shorter one.")
    }
    return Self.legalSteps.complaint(\.steps, of: self, "the number of steps")
      ?? Self.legalWarmups.complaint(\.warmup, of: self, "the warm-up")
      ?? Self.legalWindows.complaint(\.window, of: self, "the window's length")
      ?? carry.complaint.map { Complaint([\.carry], $0) }
  }

  private func tunedComplaint(count: Int) -> Complaint<Self>? {
    guard method.rule.movesHyperparameters, count == 0 else { return nil }
    return Complaint(
      [\.method],
      "\(method.rawValue) has no hyperparameter to tune: tune one, or set the method to none.")
  }

  private var modeComplaint: Complaint<Self>? {
    if mode == .implicit, method.rule.mode != .implicit {
      return Complaint(
        [\.mode, \.method],
        "the implicit mode is that of the method implicit: set the mode to forward or reverse.")
    }
    guard method.rule.mode == nil, mode == .reverse, !carry.isReset else { return nil }
    return Complaint(
      [\.mode, \.carry],
      "the reverse mode cannot carry tangents over windows: set the carry to 0, or the mode to "
        + "forward.")
  }

  /// What is wrong with observing so many steps of a window, or nil.
  static func complaint(observing observed: Int, inWindowOf window: Int) -> String? {
    guard observed < 1 || observed > window else { return nil }
    return
      "\(observed) observed steps do not fit into a window of \(window): observe between 1 and "
      + "\(window), or take longer windows."
  }

  /// What is wrong with the number of observed steps, whatever the method; or nil.
  public var observedComplaint: Complaint<Self>? {
    Self.complaint(observing: observed, inWindowOf: window).map {
      Complaint([\.observed, \.window], $0)
    }
  }
}

// The legal range of each number.
extension TuningSettings {
  /// The legal range of `steps`.
  public static let legalSteps = LegalRange.from(1, to: 1_000_000_000)
  /// The legal range of `warmup`.
  public static let legalWarmups = LegalRange.from(0, to: 999_999_999)
  /// The legal range of `window`.
  public static let legalWindows = LegalRange.from(1, to: 100_000_000)
  /// The legal range of `observed`.
  public static let legalObserved = legalWindows
  /// The legal range of `outerSteps`.
  public static let legalOuterSteps = LegalRange.from(1, to: 1_000_000)
  /// The legal range of `playoutWindows`.
  public static let legalPlayoutWindows = LegalRange.from(1, to: 1_000_000)
  /// The legal range of `patience`.
  public static let legalPatiences = LegalRange.from(1, to: 1_000_000_000)
}
