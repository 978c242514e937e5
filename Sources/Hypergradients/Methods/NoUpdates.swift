extension Method {
  /// Leaves the hyperparameters unchanged.
  public static let none = Method(NoUpdates())
}

/// Plain training.
struct NoUpdates: MethodRule {
  let name = "none"
  let movesHyperparameters = false
  let goesByWindows = true

  func plan(after windows: Int, remaining: Int, _ settings: TuningSettings) -> WindowPlan {
    WindowPlan(steps: min(settings.window, remaining), observed: 0)
  }

  func updates(in windows: Int, _ settings: TuningSettings) -> Int { 0 }

  func carriesColumns(_ settings: TuningSettings) -> Bool { false }

  func foresight(_ settings: TuningSettings) -> Foresight? { nil }

  func cost(remaining: Int, _ settings: TuningSettings, _ prices: WindowPrices) -> Double {
    Double(settings.window) + prices.validation / 3
  }
}
