import Hypergradients

/// How much work a window is, whatever it is made of: what grids and modes are chosen by.
package struct WindowWork: Equatable, Sendable {
  /// q; 0 when nothing is tuned.
  package var hyperparameters: Int
  /// S, the shards of a minibatch.
  package var shards: Int
  /// The steps from where φ's influence begins to the last observed one.
  package var steps: Int
  /// σ.
  package var observed: Int
  /// The shards of the validation set.
  package var validationShards: Int
  /// Whether the reverse mode trains a second time to save memory.
  package var recomputes: Bool
  /// The modes there are to choose from.
  package var modes: [DifferentiationMode]
  /// What is solved at a window's end; nil where nothing is.
  package var implicit: ImplicitSettings?

  /// Work of the forward mode alone by default.
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

  /// The most column groups that have work.
  package func mostColumnGroups(_ mode: DifferentiationMode) -> Int {
    switch mode {
    case .forward: max(1, hyperparameters)
    case .reverse: max(1, observed)
    case .implicit: 1
    }
  }

  /// The columns or adjoints of the busiest rank.
  package func tangents(_ choice: GridChoice) -> Int {
    let all =
      switch choice.mode {
      case .forward: hyperparameters
      case .reverse: observed
      case .implicit: implicit?.lanes ?? 1
      }
    return (all + choice.columns - 1) / choice.columns
  }

  /// Passes over a minibatch that a window costs the busiest rank of a grid with that many column
  /// groups, had it all shards.
  package func passes(_ mode: DifferentiationMode, columnGroups: Int) -> Double {
    mode.passes(
      steps: steps, observed: observed, count: hyperparameters, groups: columnGroups,
      recomputes: recomputes) + (mode == .implicit ? implicit?.passes ?? 0 : 0)
  }
}
