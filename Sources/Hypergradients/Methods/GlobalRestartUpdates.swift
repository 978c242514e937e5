import DynamicModes

extension Method {
  /// Non-greedy: train from θ₀ to T, update φ once, repeat.
  public static let globalRestart = Method(GlobalRestartUpdates())
}

/// One complete training per update.
struct GlobalRestartUpdates: MethodRule {
  let name = "global-restart"
  let startsAnew = true

  func stretch(_ settings: TuningSettings) -> Int { settings.steps }

  func plan(after windows: Int, remaining: Int, _ settings: TuningSettings) -> WindowPlan {
    WindowPlan(carry: 0, steps: settings.steps, observed: 1)
  }

  func carriesColumns(_ settings: TuningSettings) -> Bool { false }

  func foresight(_ settings: TuningSettings) -> Foresight? { .method }

  func cost(remaining: Int, _ settings: TuningSettings, _ prices: WindowPrices) -> Double {
    prices.training(settings.steps, 1) + prices.validation
  }

  func complaint(_ settings: TuningSettings) -> Complaint<TuningSettings>? {
    TuningSettings.legalOuterSteps.complaint(
      \.outerSteps, of: settings, "the number of trainings")
  }
}
