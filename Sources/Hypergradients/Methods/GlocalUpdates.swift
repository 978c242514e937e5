import DynamicModes

extension Method {
  /// Uses the steady state estimated from the last σ local hypergradients of every window.
  public static let glocal = Method(GlocalUpdates())
}

/// Updates φ with the estimated limit of a window's hypergradients.
struct GlocalUpdates: MethodRule {
  let name = "glocal"
  let estimatesLimit = true
  let goesByWindows = true

  func observed(_ settings: TuningSettings) -> Int { settings.observed }

  func plan(after windows: Int, remaining: Int, _ settings: TuningSettings) -> WindowPlan {
    let length = min(settings.window, remaining)
    return WindowPlan(
      carry: settings.carry.factor(window: settings.window, remaining: remaining),
      steps: length, observed: min(settings.observed, length))
  }

  func foresight(_ settings: TuningSettings) -> Foresight? {
    if settings.estimator.looksAhead { return .estimator }
    return settings.carry == .remaining ? .carry : nil
  }

  func cost(remaining: Int, _ settings: TuningSettings, _ prices: WindowPrices) -> Double {
    prices.training(settings.window, settings.observed)
      + Double(settings.observed) * prices.validation
  }

  func complaint(_ settings: TuningSettings) -> Complaint<TuningSettings>? {
    settings.observedComplaint
  }
}
