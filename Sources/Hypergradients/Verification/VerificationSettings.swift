/// Where and how estimates are compared with the true global hypergradient.
public struct VerificationSettings: Equatable, Sendable {
  /// The windows to verify, from 1, ascending.
  public var windows: [Int]
  /// The decays of the carried families; the reset family, 0, is always included.
  public var decays: [Carry]
  /// σ: the number of last steps of a window after which h is taken, for all families.
  public var observed: Int
  /// The number of inner steps from a window's start to where the truth is taken; nil: up to T.
  public var horizon: Int?
  /// A: the number of last steps of the horizon over which the true h is averaged, at least 1.
  public var average: Int
  /// The number of windows, from the first, in which finite differences are computed as well.
  public var differences: Int
  /// The finite difference step: φ_j is moved this far to either side, > 0.
  public var differenceStep: Double

  /// Creates settings.
  public init(
    windows: [Int], decays: [Carry] = [0.5, 0.8, 0.9, 0.97, 1], observed: Int = 20,
    horizon: Int? = nil, average: Int = 10, differences: Int = 0, differenceStep: Double = 0.01
  ) {
    self.windows = windows
    self.decays = decays
    self.observed = observed
    self.horizon = horizon
    self.average = average
    self.differences = differences
    self.differenceStep = differenceStep
  }

  /// The step after which a window's truth is taken.
  ///
  /// - Parameters:
  ///   - window: its number, from 1.
  ///   - steps: supplies T and τ.
  public func end(ofWindow window: Int, _ steps: TuningSettings) -> Int {
    min(steps.steps, (horizon ?? steps.steps) + (window - 1) * steps.window)
  }

  /// The setting that does not fit the run, or nil.
  ///
  /// - Parameters:
  ///   - tuning: the run's settings.
  ///   - count: q.
  public func complaint(_ tuning: TuningSettings, count: Int) -> String? {
    let (length, total) = (tuning.window, tuning.steps)
    if count == 0 {
      return "No hyperparameter is tuned, so there is no hypergradient to verify: tune one."
    }
    if !tuning.method.rule.goesByWindows {
      let names = Method.allCases.filter(\.rule.goesByWindows).map(\.rawValue)
      return "\(tuning.method.rawValue) does not go by the windows whose estimates are verified: "
        + "set the method to \(names.dropLast().joined(separator: ", ")) or \(names.last ?? "")."
    }
    if tuning.mode == .reverse {
      return "Verifying carries columns on, which the reverse mode does not have: use the forward "
        + "mode."
    }
    if let complaint = decays.lazy.compactMap(\.complaint).first { return complaint }
    if average < 1 { return "An average over \(average) steps: take at least 1." }
    if let complaint = TuningSettings.complaint(observing: observed, inWindowOf: length) {
      return complaint
    }
    if differences < 0 || !(differenceStep > 0 && differenceStep.isFinite) {
      return "Differences in \(differences) windows with a step of \(differenceStep): take 0 or "
        + "more windows, and a step above 0."
    }
    if let horizon, horizon < length + average {
      return "A horizon of \(horizon) steps does not reach beyond the window and the \(average) "
        + "averaged steps: take at least \(length + average)."
    }
    if let horizon, horizon > total {
      return "A horizon of \(horizon) steps is longer than the whole run of \(total)."
    }
    if windows.isEmpty { return "There is no window to verify: name one, or a number of them." }
    if windows != Set(windows).sorted() || windows[0] < 1 {
      return "Windows are counted from 1; name each once, in order."
    }
    for window in windows where end(ofWindow: window, tuning) - window * length < average {
      return "Window \(window) ends at step \(window * length), too late in a run of \(total) for "
        + "a truth averaged over \(average) steps: the last one that can be verified is "
        + "\(Self.lastWindow(tuning, average: average))."
    }
    return nil
  }

  /// The last window with at least A steps after it.
  static func lastWindow(_ tuning: TuningSettings, average: Int) -> Int {
    (tuning.steps - average) / tuning.window
  }

  /// Windows spread evenly over those whose whole horizon lies within the run.
  ///
  /// - Parameters:
  ///   - count: the number wanted; fewer are returned if there are not as many.
  ///   - tuning: supplies T and τ.
  ///   - horizon: see the property.
  ///   - average: A.
  public static func spread(
    _ count: Int, over tuning: TuningSettings, horizon: Int?, average: Int
  ) -> [Int] {
    let withHorizon = horizon.map { (tuning.steps - $0) / tuning.window + 1 } ?? Int.max
    let last = min(lastWindow(tuning, average: average), withHorizon)
    guard last >= 1, count >= 1, horizon ?? 0 <= tuning.steps else { return [] }
    let wanted = min(count, last)
    return (0..<wanted).map { (2 * $0 + 1) * last / (2 * wanted) + 1 }
  }
}
