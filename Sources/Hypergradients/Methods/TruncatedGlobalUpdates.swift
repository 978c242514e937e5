import DynamicModes

extension Method {
  /// Uses h at the end of a playout of several windows from the window's start; no DMD.
  public static let truncatedGlobal = Method(TruncatedGlobalUpdates())
}

/// Updates φ with h of the last step of every N windows.
///
/// The windows between two updates are themselves the playout: φ is constant in them.
struct TruncatedGlobalUpdates: MethodRule {
  let name = "truncated-global"

  func stretch(_ settings: TuningSettings) -> Int { settings.window * settings.playoutWindows }

  func plan(after windows: Int, remaining: Int, _ settings: TuningSettings) -> WindowPlan {
    let place = windows % settings.playoutWindows
    let carry = settings.carry.factor(window: settings.window, remaining: remaining)
    return WindowPlan(
      carry: place == 0 ? carry : nil, steps: min(settings.window, remaining),
      observed: place == settings.playoutWindows - 1 ? 1 : 0)
  }

  func updates(in windows: Int, _ settings: TuningSettings) -> Int {
    windows / settings.playoutWindows
  }

  func playoutStart(after windows: Int, _ settings: TuningSettings) -> Int? {
    let place = windows % settings.playoutWindows
    return place == 0 ? nil : windows - place
  }

  func carriesColumns(_ settings: TuningSettings) -> Bool {
    !settings.carry.isReset || settings.playoutWindows > 1
  }

  /// The cost of a playout, divided by its number of windows.
  func cost(remaining: Int, _ settings: TuningSettings, _ prices: WindowPrices) -> Double {
    let windows = settings.playoutWindows
    let evaluations = Double(windows - 1) / 3
    return
      (prices.training(settings.window * windows, 1) + (1 + evaluations) * prices.validation)
      / Double(windows)
  }

  func complaint(_ settings: TuningSettings) -> Complaint<TuningSettings>? {
    TuningSettings.legalPlayoutWindows.complaint(
      \.playoutWindows, of: settings, "the number of windows in a playout")
  }
}
