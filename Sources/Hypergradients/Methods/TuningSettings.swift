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
    schedule: RateScheduleKind = .constant, patience: Int? = nil,
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
    self.schedule = schedule
    self.patience = patience
    self.divergence = divergence
    self.mode = mode
    self.trajectoryMemory = trajectoryMemory
  }

  /// Says which setting is out of range or does not fit the others, or nil.
  ///
  /// - Parameter count: q, the length of φ.
  public func problem(count: Int) -> String? {
    if steps < 1 { return "A training of \(steps) steps: take at least 1." }
    if window < 1 { return "A window of \(window) steps: take at least 1." }
    if method.rule.movesHyperparameters, count == 0 {
      return "No hyperparameter is tuned, so \(method.rawValue) has nothing to do: tune one, or "
        + "choose the method none."
    }
    if let problem = method.rule.problem(self) { return problem }
    if let problem = carry.problem { return problem }
    if !carry.isReset, mode == .reverse {
      return
        "Reverse mode cannot carry columns over windows: set the carry to 0, or use the forward "
        + "mode."
    }
    if let patience, patience < 1 {
      return "A patience of \(patience) windows: take at least 1."
    }
    return divergence.problem
  }
}
