import DynamicModes

/// How a run is divided into windows and what is made of each of them.
public struct TuningSettings: Equatable, Sendable {
  /// How φ is updated.
  public var method: Method
  /// T: inner steps from θ₀ to the end of a training, at least 1.
  public var steps: Int
  /// τ: inner steps in a window, at least 1 (paper: 50); the last window may be shorter.
  public var window: Int
  /// σ: the last steps of a window after which h is taken, from 1 to τ; `glocal` alone.
  ///
  /// Not from the paper.
  public var observed: Int
  /// What becomes of the columns at a window's start: reset (paper) or carried on.
  ///
  /// For `local`, `glocal` and, between playouts, `truncated-global`; `global` and `global-restart` start
  /// their columns anew for every update.
  public var carry: Carry
  /// How `glocal` reads the limit.
  public var estimator: Estimator
  /// `global-restart` alone: trainings from θ₀, each followed by one update; at least 1.
  public var outerSteps: Int
  /// `truncated-global` alone: N, the windows in a playout and between two updates; at least 1.
  public var playoutWindows: Int
  /// `implicit` alone: what stands in for the inverse of the Hessian.
  public var implicit: ImplicitSettings
  /// What becomes of the learning rate over the training's steps, besides its tuning.
  public var schedule: RateScheduleKind
  /// Windows (with `globalRestart`, trainings) without a better validation loss after which the run
  /// ends, at least 1; nil: it never ends early.
  public var patience: Int?
  /// What to do when numbers are not finite.
  public var divergence: DivergenceSettings
  /// How h is computed.
  public var mode: DifferentiationMode
  /// Bytes that a rank may keep of a trajectory; reverse mode alone.
  public var trajectoryMemory: Int

  /// Settings; the defaults that the paper does not give are the design's.
  public init(
    method: Method, steps: Int, window: Int = 50, observed: Int = 20, carry: Carry = 0,
    estimator: Estimator = .dmd, outerSteps: Int = 10, playoutWindows: Int = 4,
    implicit: ImplicitSettings = ImplicitSettings(), schedule: RateScheduleKind = .constant,
    patience: Int? = nil,
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
    self.patience = patience
    self.divergence = divergence
    self.mode = mode
    self.trajectoryMemory = trajectoryMemory
  }

  /// What is wrong with a setting or does not fit the others, or nil.
  ///
  /// - Parameter count: q, the length of φ.
  public func complaint(count: Int) -> Complaint<Self>? {
    ownComplaint ?? tunedComplaint(count: count) ?? method.rule.complaint(self) ?? modeComplaint
      ?? divergence.complaint?.within(\.divergence)
  }

  /// What is wrong with a number by itself.
  private var ownComplaint: Complaint<Self>? {
    if let patience, !Self.legalPatiences.contains(patience) {
      return Complaint(
        [\.patience], "the patience is \(patience) windows: it must be \(Self.legalPatiences).")
    }
    return Self.legalSteps.complaint(\.steps, of: self, "the number of steps")
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

  /// What is wrong with observing as many steps as these settings say, whatever the method; or nil.
  public var observedComplaint: Complaint<Self>? {
    Self.complaint(observing: observed, inWindowOf: window).map {
      Complaint([\.observed, \.window], $0)
    }
  }
}

// What is legal for each number.
extension TuningSettings {
  /// Of `steps`.
  public static let legalSteps = LegalRange.from(1, to: 1_000_000_000)
  /// Of `window`.
  public static let legalWindows = LegalRange.from(1, to: 100_000_000)
  /// Of `observed`.
  public static let legalObserved = legalWindows
  /// Of `outerSteps`.
  public static let legalOuterSteps = LegalRange.from(1, to: 1_000_000)
  /// Of `playoutWindows`.
  public static let legalPlayoutWindows = LegalRange.from(1, to: 1_000_000)
  /// Of `patience`.
  public static let legalPatiences = LegalRange.from(1, to: 1_000_000_000)
}
