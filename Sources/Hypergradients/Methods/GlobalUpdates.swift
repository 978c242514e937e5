extension Method {
  /// Greedy playout: continues from the current state to step T with φ frozen and uses h_T.
  public static let global = Method(GlobalUpdates())
}

/// After each window, plays training out to its end for the update, then returns to the window's
/// end.
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
