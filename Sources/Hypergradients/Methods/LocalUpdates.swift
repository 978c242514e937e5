extension Method {
  /// The local hypergradient h_τ after every window.
  public static let local = Method(LocalUpdates())
}

/// φ goes by the last step of every window.
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
