import Hypergradients
import Settings

/// What is to be verified, as the user asks for it.
package struct VerificationRequest: Equatable, Sendable {
  /// Which windows of a run.
  package enum Windows: Equatable, Sendable {
    /// So many, spread evenly over the run.
    case spread(Int)
    /// These, from 1.
    case listed([Int])
  }

  /// Which windows; 4 by default, 3 of a quick verification.
  package var windows: Windows?
  /// The runs' seeds; that of the configuration by default, 0 and 1 of a quick verification.
  package var seeds: [UInt64]?
  /// The decays of the carried families.
  package var decays: [Carry]
  /// Inner steps from a window's start to the truth; to T by default, six windows when quick.
  package var horizon: Int?
  /// The last steps over which the truth is averaged.
  package var average: Int
  /// In how many windows of a run finite differences are taken.
  package var differences: Int
  /// How far φ_j is moved for them; by default what suits the precision.
  package var differenceStep: Double?
  /// Whether to end within minutes on two cores.
  package var isQuick: Bool

  /// A request; what is nil depends on the run.
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

  /// The runs whose windows are verified: as configured, or cut short when quick.
  ///
  /// - Throws: `RunError` where the configuration asks for what columns cannot give.
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

  /// The same for the engine.
  ///
  /// - Parameter count: q.
  /// - Throws: `RunError` with what does not fit the run.
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

  /// How far φ_j is moved where the user does not say.
  ///
  /// The gradient of a network with kinks jumps, and so does its loss as a function of φ: only a step
  /// too small to meet a kink shows the derivative that columns compute, and only in double precision
  /// is one left. Over 30 steps of LeNet with minibatches of 32, differences at 1e-9 agree with the
  /// columns to 1e-6 where h is about 0.1, and to 1e-3 where it is 3e-4 and rounding shows. The longer
  /// the horizon, the more kinks. In single precision a step of the outer optimizer's size tells
  /// what a move of φ would bring; it is no check of columns.
  private static func differenceStep(_ precision: Configuration.Precision) -> Double {
    precision == .float ? 0.1 : 1e-9
  }

  /// A family of carried columns by its name: a decay, or `remaining`.
  package static func family(_ name: String) -> Carry? { Carry(name) }
}
