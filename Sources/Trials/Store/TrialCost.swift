import Hypergradients
import Learning
import Runs
import Settings

/// What a trial costs, in passes over a minibatch: one gradient is 1, a tangent of it 2, a validation
/// gradient as many as there are minibatches in the validation set.
///
/// Counted for one rank that does all of it: what is spent, not how long it takes.
struct TrialCost: Equatable {
  /// How it is trained.
  let configuration: Configuration
  /// q; 0 when nothing is tuned.
  let hyperparameters: Int
  /// Columns or adjoints: the same on any number of ranks, so that the bits are.
  let mode: DifferentiationMode
  /// What a window is made of, for the choice of grids, with that mode alone.
  let work: WindowWork

  /// The cost of a configuration.
  ///
  /// - Throws: `RunError` when the mode asked for cannot be had.
  init(_ configuration: Configuration, network: any Model) throws(RunError) {
    self.configuration = configuration
    let count = configuration.expectedColumnCount(of: network)
    var work = configuration.windowWork(
      count: count, parameterCount: network.parameters.count)
    mode = try GridChoice.choose(.auto, ranks: 1, work: work).mode
    work.modes = [mode]
    let plan = configuration.trajectoryPlan(parameterCount: network.parameters.count)
    if let problem = configuration.trajectoryProblem(mode, plan) { throw problem }
    hyperparameters = work.hyperparameters
    self.work = work
  }

  /// A validation gradient; an evaluation is a third of it, the way forward alone.
  private var validation: Double {
    Double(configuration.data.validation) / Double(configuration.inner.batch)
  }

  /// A window with that many steps to go from its start to the end of training.
  func window(remaining: Int) -> Double {
    configuration.method.rule.cost(
      remaining: remaining, configuration.tuningSettings(configuration.method, mode),
      WindowPrices(validation: validation, training: passes))
  }

  /// All windows up to one.
  func passes(windows: Int) -> Double {
    let length = configuration.window.length
    return (0..<windows).reduce(0) {
      $0 + window(remaining: max(length, configuration.inner.steps - $1 * length))
    }
  }

  /// The most steps a training may have that costs no more than a budget; at least a window.
  ///
  /// Not for `global-restart`, whose windows are whole trainings.
  func steps(within budget: Double) -> Int {
    let length = configuration.window.length
    var (windows, spent) = (0, 0.0)
    while windows < Self.mostWindows {
      spent += window(remaining: (windows + 1) * length)
      if spent > budget { break }
      windows += 1
    }
    return max(1, windows) * length
  }

  private static let mostWindows = 1_000_000

  private func passes(_ steps: Int, _ observed: Int) -> Double {
    mode.passes(
      steps: steps, observed: observed, count: hyperparameters, recomputes: work.recomputes)
  }
}
