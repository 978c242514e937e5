import DynamicModes

extension Method {
  /// Implicit differentiation at every window's end.
  public static let implicit = Method(ImplicitUpdates())
}

/// φ goes by where the training loss's minimum moves, as if training had come to it.
///
/// Not from the paper: what Betty, TorchOpt, hypertorch and jaxopt do.
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
