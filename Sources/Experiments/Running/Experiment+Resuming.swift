import Hypergradients
import MessagePassing

// A run that was begun before: what the root finds in its folder, and what all ranks must know of it.
extension Experiment {
  /// Whether the run begins, goes on, or has nothing left to do; a collective.
  func beginning() -> RunBeginning {
    let found = world.onRoot { try RunBeginning.find(configuration, options) }
    let answer = RunBeginning(rawValue: world.broadcast(found?.rawValue ?? 0)) ?? .new
    if answer == .finished, world.isRoot, !options.quiet {
      print("\(options.output ?? "") holds a run that has finished; nothing is left to do.")
    }
    return answer
  }

  /// Where the run goes on, on the root; a collective.
  func resumePoint(_ start: StartingPoint<Number>) -> ResumePoint? {
    world.onRoot {
      try ResumePoint(in: RunFolder(resuming: options.output ?? "")) {
        $0.misfit(
          Number.self, parameters: start.parameters.count,
          optimizer: configuration.inner.optimizer.optimizer.stateCount,
          numbers: start.hyperparameters.numbers.count, columns: start.hyperparameters.count)
      }
    }
  }

  /// Tells all ranks what the root has found; a collective.
  func broadcast(_ record: CheckpointRecord?) -> CheckpointRecord? {
    let text = world.broadcast(text: record?.text ?? "")
    return record ?? CheckpointRecord(parsing: text)
  }
}
