import Hypergradients

/// The amount of work in a window, from which grids and modes are chosen.
package struct WindowWork: Equatable, Sendable {
  /// q; 0 if nothing is tuned.
  package var hyperparameters: Int
  /// S, the number of shards in a minibatch.
  package var shards: Int
  /// The number of steps from where φ's influence begins to the last observed one.
  package var steps: Int
  /// σ.
  package var observed: Int
  /// The number of shards in the validation set.
  package var validationShards: Int
  /// Whether reverse mode trains a second time to save memory.
  package var recomputes: Bool
  /// The modes to choose from.
  package var modes: [DifferentiationMode]
  /// The solver at a window's end; nil if the method needs none.
  package var implicit: ImplicitSettings?

  /// Creates work; by default of the forward mode only.
  package init(
    hyperparameters: Int, shards: Int, steps: Int = 50, observed: Int = 20,
    validationShards: Int = 0,
    recomputes: Bool = false, modes: [DifferentiationMode] = [.forward],
    implicit: ImplicitSettings? = nil
  ) {
    self.hyperparameters = hyperparameters
    self.shards = shards
    self.steps = steps
    self.observed = observed
    self.validationShards = validationShards
    self.recomputes = recomputes
    self.modes = modes
    self.implicit = implicit
  }

  /// The maximum number of column groups that have work.
  package func mostColumnGroups(_ mode: DifferentiationMode) -> Int {
    switch mode {
    case .forward: max(1, hyperparameters)
    case .reverse: max(1, observed)
    case .implicit: 1
    }
  }

  /// The number of columns or adjoints on the busiest rank.
  package func tangents(_ choice: GridChoice) -> Int {
    let all =
      switch choice.mode {
      case .forward: hyperparameters
      case .reverse: observed
      case .implicit: implicit?.lanes ?? 1
      }
    return (all + choice.columns - 1) / choice.columns
  }

  /// The cost of a window on the busiest rank with this many column groups, in passes over a
  /// minibatch, if that rank had all shards.
  package func passes(_ mode: DifferentiationMode, columnGroups: Int) -> Double {
    mode.passes(
      steps: steps, observed: observed, count: hyperparameters, groups: columnGroups,
      recomputes: recomputes) + (mode == .implicit ? implicit?.passes ?? 0 : 0)
  }
}
