import Hypergradients
import MessagePassing
import Tensors

/// Brings a checkpoint into a tuner before its first window; all ranks call it together.
package struct CheckpointRestoration<Number: Scalar & MessageElement> {
  package let grid: ProcessGrid
  /// The same on all ranks.
  package let record: CheckpointRecord
  /// On the root, which reads for all.
  package let file: CheckpointFile?

  package init(grid: ProcessGrid, record: CheckpointRecord, file: CheckpointFile?) {
    self.grid = grid
    self.record = record
    self.file = file
  }

  /// Fills the tuner's state and goes once more over a playout under way.
  ///
  /// - Throws: on the root, when the file cannot be read; on all, what the problem throws.
  package func restore<Problem: InnerProblem>(
    _ tuner: Tuner<Problem>
  ) throws where Problem.Number == Number {
    tuner.state.hyperparameters.numbers = try doubles("hyperparameters")
    // Limits may have become narrower, by force.
    _ = tuner.state.hyperparameters.project()
    tuner.state.outer.first = try doubles("outer.first")
    tuner.state.outer.second = try doubles("outer.second")
    tuner.state.outer.step = record.outerStep
    tuner.state.window = record.window
    tuner.state.retreats = record.retreats
    tuner.state.pendingRetreats = record.pendingRetreats
    let jets = tuner.state.training.jets
    let names = CheckpointTensor.vectors(optimizer: jets.count - 1)
    let originStep = tuner.goesOverPlayout ? record.originStep : nil
    let prefix = originStep == nil ? "" : CheckpointTensor.origin
    for (name, jet) in zip(names, jets) {
      try file?.read(prefix + name, into: jet.primal)
      grid.world.broadcast(jet.primal, root: 0)
      // Columns that are not there, or not wanted, start from zero, as they are.
      guard record.hasColumns, tuner.columnsCount else { continue }
      try ColumnTraffic(grid: grid).fromRoot(jet, count: tuner.columnCount) { column, place in
        try file?.read(name + CheckpointTensor.columns, row: column, into: place)
      }
    }
    if let best = record.best {
      try tuner.restoreBest(
        window: best.window, step: best.step, loss: best.loss, accuracy: best.accuracy
      ) { place in
        try file?.read(CheckpointTensor.best, into: place)
        grid.world.broadcast(place, root: 0)
      }
    }
    tuner.state.training.step = originStep ?? record.step
    try tuner.resume(at: record.step)
  }

  private func doubles(_ name: String) throws -> [Double] {
    grid.world.broadcast(try file?.doubles(name) ?? [])
  }
}
