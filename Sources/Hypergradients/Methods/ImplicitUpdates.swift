import DynamicModes

extension Method {
  /// Implicit differentiation at the end of every window.
  public static let implicit = Method(ImplicitUpdates())
}

/// Updates φ with the derivative of the training loss's minimum, as if training had converged.
///
/// Not from the paper; Betty, TorchOpt, hypertorch and jaxopt do this.
struct ImplicitUpdates: MethodRule {
  let name = "implicit"
  let mode: DifferentiationMode? = .implicit

  func plan(after windows: Int, remaining: Int, _ settings: TuningSettings) -> WindowPlan {
    WindowPlan(carry: 0, steps: min(settings.window, remaining), observed: 1)
  }

  func carriesColumns(_ settings: TuningSettings) -> Bool { false }

  func foresight(_ settings: TuningSettings) -> Foresight? { nil }

  func cost(remaining: Int, _ settings: TuningSettings, _ prices: WindowPrices) -> Double {
    prices.training(settings.window, 1) + settings.implicit.passes + prices.validation
  }

  func complaint(_ settings: TuningSettings) -> Complaint<TuningSettings>? {
    settings.implicit.complaint?.within(\.implicit)
  }
}
