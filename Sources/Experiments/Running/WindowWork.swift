import Hypergradients

/// How much work a window is, whatever it is made of: what grids and modes are chosen by.
public struct WindowWork: Equatable, Sendable {
  /// q; 0 when nothing is tuned.
  public var hyperparameters: Int
  /// S, the shards of a minibatch.
  public var shards: Int
  /// The steps from where φ's influence begins to the last observed one.
  public var steps: Int
  /// σ.
  public var observed: Int
  /// The shards of the validation set.
  public var validationShards: Int
  /// Whether the reverse mode trains a second time to save memory.
  public var recomputes: Bool
  /// The modes there are to choose from.
  public var modes: [DifferentiationMode]

  /// Work of the forward mode alone by default.
  public init(
    hyperparameters: Int, shards: Int, steps: Int = 50, observed: Int = 20,
    validationShards: Int = 0,
    recomputes: Bool = false, modes: [DifferentiationMode] = [.forward]
  ) {
    self.hyperparameters = hyperparameters
    self.shards = shards
    self.steps = steps
    self.observed = observed
    self.validationShards = validationShards
    self.recomputes = recomputes
    self.modes = modes
  }

  /// The most column groups that have work.
  func mostColumnGroups(_ mode: DifferentiationMode) -> Int {
    max(1, mode == .forward ? hyperparameters : observed)
  }

  /// The columns or adjoints of the busiest rank.
  func tangents(_ choice: GridChoice) -> Int {
    let all = choice.mode == .forward ? hyperparameters : observed
    return (all + choice.columns - 1) / choice.columns
  }

  /// Passes over a minibatch that a window costs the busiest rank of a grid with that many column
  /// groups, had it all shards.
  public func passes(_ mode: DifferentiationMode, columnGroups: Int) -> Double {
    mode.passes(
      steps: steps, observed: observed, count: hyperparameters, groups: columnGroups,
      recomputes: recomputes)
  }
}
