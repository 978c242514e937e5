import Hypergradients
import Settings

/// The user's request for a verification.
package struct VerificationRequest: Equatable, Sendable {
  /// The choice of windows of a run.
  package enum Windows: Equatable, Sendable {
    /// A number of windows, spread evenly over the run.
    case spread(Int)
    /// A list of windows, from 1.
    case listed([Int])
  }

  /// The windows; defaults to 4, or 3 for a quick verification.
  package var windows: Windows?
  /// The runs' seeds; defaults to that of the configuration, or 0 and 1 for a quick verification.
  package var seeds: [UInt64]?
  /// The decays of the carried families.
  package var decays: [Carry]
  /// Inner steps from a window's start to the truth; defaults to T, or to six windows if quick.
  package var horizon: Int?
  /// The number of last steps over which the truth is averaged.
  package var average: Int
  /// The number of windows of a run in which finite differences are computed.
  package var differences: Int
  /// The finite difference step of φ_j; the default depends on the precision.
  package var differenceStep: Double?
  /// Whether it should finish within minutes on two cores.
  package var isQuick: Bool

  /// Creates a request; nil values depend on the run.
  package init(
    windows: Windows? = nil, seeds: [UInt64]? = nil,
    decays: [Carry] = [0.5, 0.8, 0.9, 0.97, 1], horizon: Int? = nil, average: Int = 10,
    differences: Int = 1, differenceStep: Double? = nil, isQuick: Bool = false
  ) {
    self.windows = windows
    self.seeds = seeds
    self.decays = decays
    self.horizon = horizon
    self.average = average
    self.differences = differences
    self.differenceStep = differenceStep
    self.isQuick = isQuick
  }

  /// The runs whose windows are verified: as configured, or shortened if quick.
  ///
  /// - Throws: `RunError` if the configuration asks for something that columns cannot provide.
  func configurations(_ configuration: Configuration) throws(RunError) -> [Configuration] {
    if configuration.task == .reweighting, configuration.reweighting.function == .example {
      throw RunError(
        "reweighting.function example: verify carries a column for each hyperparameter, and these are "
          + "too many. Verify another function, such as class or spline.")
    }
    if configuration.mode == .reverse {
      throw RunError(
        "mode reverse: verify carries columns on, which the reverse mode does not have. Set mode "
          + "to auto or forward.")
    }
    var configuration = configuration
    if isQuick {
      configuration.inner.steps = min(configuration.inner.steps, 12 * configuration.window.length)
    }
    return (seeds ?? (isQuick ? [0, 1] : [configuration.seed])).map { seed in
      var one = configuration
      one.seed = seed
      return one
    }
  }

  /// The settings for the engine.
  ///
  /// - Parameter count: q.
  /// - Throws: `RunError` naming the setting that does not fit the run.
  func settings(
    _ configuration: Configuration, count: Int
  ) throws(RunError) -> VerificationSettings {
    let tuning = configuration.tuningSettings(configuration.method, .forward)
    let horizon = horizon ?? (isQuick ? 6 * tuning.window : nil)
    let chosen =
      switch windows ?? .spread(isQuick ? 3 : 4) {
      case .listed(let windows): windows
      case .spread(let count):
        VerificationSettings.spread(count, over: tuning, horizon: horizon, average: average)
      }
    let settings = VerificationSettings(
      windows: chosen, decays: decays, observed: configuration.window.observed, horizon: horizon,
      average: average, differences: differences,
      differenceStep: differenceStep ?? Self.differenceStep(configuration.precision))
    if let complaint = settings.complaint(tuning, count: count) { throw RunError(complaint) }
    return settings
  }

  /// The default finite difference step of φ_j.
  ///
  /// The gradient of a network with kinks jumps, and so does its loss as a function of φ: only a
  /// step too small to meet a kink gives the derivative that columns compute, and only double
  /// precision allows such a step. Over 30 steps of LeNet with minibatches of 32, differences at
  /// 1e-9 agree with the columns to 1e-6 where h is about 0.1, and to 1e-3 where it is 3e-4 and
  /// rounding shows. The longer the horizon, the more kinks. In single precision a step of the
  /// outer optimizer's size shows what a move of φ would bring; it does not check the columns.
  private static func differenceStep(_ precision: Configuration.Precision) -> Double {
    precision == .float ? 0.1 : 1e-9
  }

  /// Parses a family of carried columns: a decay, or `remaining`.
  package static func family(_ name: String) -> Carry? { Carry(name) }
}
