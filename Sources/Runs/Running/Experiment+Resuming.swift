import Hypergradients
import Learning
import MessagePassing
import Presentation

// Resuming a run: what the root finds in its folder, and what all ranks must know of it.
extension Experiment {
  /// Whether to start, resume, or do nothing; a collective.
  ///
  /// - Returns: the decision, and on the root the run.
  func beginning() -> (StartDecision, FoundRun?) {
    let found = world.onRoot { () -> (StartDecision, FoundRun?) in
      guard let run = try FoundRun(options) else { return (.new, nil) }
      return (try run.beginning(configuration, options.start), run)
    }
    let code = world.broadcast((found?.0 ?? .new).rawValue)
    let answer = StartDecision(rawValue: code) ?? .new
    if answer == .finished, world.isRoot, !options.quiet {
      StandardOutput.show(
        "\(options.output ?? "") holds a run that has finished; nothing is left to do.\n")
    }
    return (answer, found?.1)
  }

  /// Where the run resumes, on the root; a collective.
  ///
  /// - Parameter checksum: of the data.
  func resumePoint(
    of run: FoundRun?, _ data: SplitData, _ checksum: String
  ) -> ResumePoint? {
    let point = world.onRoot { () -> ResumePoint? in
      guard let run else { return nil }
      let network = try configuration.model(for: data.training)
      return try ResumePoint(
        of: run,
        ResumePoint.Request(
          configuration: configuration,
          fit: CheckpointFit(
            configuration, network, classSizes: data.training.classHistogram),
          images: checksum,
          model: configuration.network.path.flatMap { path in
            DataChecksum.of(network).map { ResumePoint.Model(path: path, checksum: $0) }
          }, isForced: options.start.isForced))
    }
    return point ?? nil
  }

  /// Broadcasts the record that the root has found; a collective.
  func broadcast(_ record: CheckpointRecord?) -> CheckpointRecord? {
    let text = world.broadcast(text: record?.text ?? "")
    return record ?? CheckpointRecord(parsing: text)
  }
}
