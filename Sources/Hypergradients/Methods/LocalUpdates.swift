extension Method {
  /// Uses the local hypergradient h_τ at the end of every window.
  public static let local = Method(LocalUpdates())
}

/// Updates φ with h of each window's last step.
struct LocalUpdates: MethodRule {
  let name = "local"
  let goesByWindows = true

  func plan(after windows: Int, remaining: Int, _ settings: TuningSettings) -> WindowPlan {
    WindowPlan(
      carry: settings.carry.factor(window: settings.window, remaining: remaining),
      steps: min(settings.window, remaining), observed: 1)
  }

  func cost(remaining: Int, _ settings: TuningSettings, _ prices: WindowPrices) -> Double {
    prices.training(settings.window, 1) + prices.validation
  }
}
