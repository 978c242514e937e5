extension Method {
  /// Greedy playout: from the present state on to step T with φ frozen; h_T.
  public static let global = Method(GlobalUpdates())
}

/// Every window is trained on to the end of training for its update, and then taken back to its own.
struct GlobalUpdates: MethodRule {
  let name = "global"

  func stretch(_ settings: TuningSettings) -> Int { settings.steps }

  func plan(after windows: Int, remaining: Int, _ settings: TuningSettings) -> WindowPlan {
    let length = min(settings.window, remaining)
    return WindowPlan(carry: 0, steps: length, playout: remaining - length, observed: 1)
  }

  func carriesColumns(_ settings: TuningSettings) -> Bool { false }

  func foresight(_ settings: TuningSettings) -> Foresight? { .method }

  func cost(remaining: Int, _ settings: TuningSettings, _ prices: WindowPrices) -> Double {
    prices.training(remaining, 1) + 4 * prices.validation / 3
  }
}
