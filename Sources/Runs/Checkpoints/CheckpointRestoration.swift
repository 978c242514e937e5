import Hypergradients
import MessagePassing
import Tensors

/// Restores a checkpoint into a tuner before its first window; called collectively by all ranks.
package struct CheckpointRestoration<Number: Scalar & MessageElement> {
  package let grid: ProcessGrid
  /// The record, the same on all ranks.
  package let record: CheckpointRecord
  /// The file, on the root only, which reads it for all ranks.
  package let file: CheckpointFile?

  package init(grid: ProcessGrid, record: CheckpointRecord, file: CheckpointFile?) {
    self.grid = grid
    self.record = record
    self.file = file
  }

  /// Restores the tuner's state and repeats the steps of an unfinished playout.
  ///
  /// - Throws: on the root, if the file cannot be read; on all ranks, errors of the problem.
  package func restore<Problem: InnerProblem>(
    _ tuner: Tuner<Problem>
  ) throws where Problem.Number == Number {
    tuner.state.hyperparameters.numbers = try doubles("hyperparameters")
    // Limits may have become narrower if the resume was forced.
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
      // Columns that are absent or not needed remain zero.
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
