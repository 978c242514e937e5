import Datasets
import Hypergradients
import Learning
import MessagePassing
import Runs
import Storage
import Tensors

/// A trial in the hands of a group of ranks, whatever its precision; all of them call it together.
protocol TrialTraining: AnyObject {
  /// Trains to a window, or as far as it goes.
  ///
  /// - Returns: on the leader, what has become of it; elsewhere an empty report.
  /// - Throws: what happens to one rank alone.
  func train(to target: Int) throws -> TrialReport

  /// Told before every attempt at a window, with its number.
  var willAttempt: (_ window: Int) -> Void { get set }
}

/// A trial that trains on the ranks of a group, from its start or from where another group left it.
final class TrialSession<Number: Scalar & MessageElement>: TrialTraining {
  private let trial: Trial
  private let prepared: Preparation<Number>
  private let problem: ShardedProblem<Number>
  private let tuner: Tuner<ShardedProblem<Number>>
  private let writer: CheckpointWriter<Number>
  private let library: String
  private var progress = RecordedProgress()
  private let clock = ContinuousClock()
  var willAttempt: (_ window: Int) -> Void = { _ in }
  private var isLeader: Bool { problem.grid.world.isRoot }

  /// Takes a trial over; a collective of the group.
  ///
  /// - Parameters:
  ///   - state: its checkpoint, on the leader; empty where it begins.
  ///   - shouldStop: whether to leave it.
  /// - Throws: on the leader, `CheckpointDamage`; on all, what cannot be put together.
  init(
    _ trial: Trial, data: SplitData, network: any DescribedModel, group: TrialGroup, state: [UInt8],
    shouldStop: @escaping StopQuestion
  ) throws {
    self.trial = trial
    library = group.library
    prepared = try Preparation(trial.configuration, data: data, network: network)
    let cost = try TrialCost(trial.configuration, network: prepared.network)
    let grid = try group.grid(for: cost.work)
    problem = prepared.problem(on: grid)
    tuner = prepared.tuner(
      problem, trial.configuration.method, cost.mode, shouldStop: shouldStop)
    // The job checks the images of all trials against those that it was begun with.
    writer = CheckpointWriter(
      grid: grid, configuration: trial.configuration, mode: cost.mode, images: "")
    tuner.willAttempt = { [unowned self] in willAttempt(tuner.state.window + 1) }
    let file =
      state.isEmpty
      ? nil : try CheckpointFile(verifying: state, calling: "of trial \(trial.number)")
    let text = group.ranks.broadcast(text: file?.record.text ?? "")
    guard let record = file?.record ?? CheckpointRecord(parsing: text) else { return }
    progress = record.progress
    try CheckpointRestoration(grid: grid, record: record, file: file).restore(tuner)
  }

  func train(to target: Int) throws -> TrialReport {
    let start = clock.now
    var report = TrialReport(window: 0)
    do {
      while tuner.state.window < target, let window = try tuner.nextWindow() {
        progress.add(window)
        let test =
          trial.configuration.evaluation.isDue(after: window.window)
          ? problem.evaluate(.test, parameters: tuner.state.training.primal) : nil
        guard isLeader else { continue }
        // A trial keeps no file of a window: of many numbers its lines say how many they are.
        let line = WindowLine(
          window: window, requested: trial.configuration.estimator, test: test,
          place: window.before.count > WindowFile.longestRow ? .nowhere : .line
        ).json
        report.windows.append(line)
        progress.files[RunFolder.File.windows.rawValue, default: FileMark()]
          .add(line: JSONText.line(line))
      }
      if tuner.isFinished {
        report.summary = try summary(secondsNow: (clock.now - start).inSeconds)
      }
    } catch let error as DivergenceError {
      report.failure = "\(error)"
    } catch is TuningInterruption {
      report.isInterrupted = true
    }
    report.window = tuner.state.window
    progress.elapsed += (clock.now - start).inSeconds
    report.elapsed = progress.elapsed
    if report.failure == nil { report.state = try writer.bytes(tuner, progress: progress) }
    return report
  }

  /// Looks at validation and test set; a collective of the group.
  private func summary(secondsNow seconds: Double) throws -> JSONValue {
    let outcome = try RunOutcome(
      of: tuner, problem, tuningSeconds: progress.elapsed + seconds,
      rankSeconds: RankSeconds(progress.seconds, of: problem.grid.world), baseline: nil)
    return RunSummary(
      configuration: trial.configuration,
      place: RunPlace(
        ranks: problem.grid.world.size, grid: problem.grid, messagePassing: library),
      classCounts: prepared.data.training.classHistogram,
      imagesChecksum: isLeader ? try DataChecksum.of(prepared.data) : "",
      modelChecksum: isLeader ? DataChecksum.of(prepared.network) : nil,
      inputs: InputRecord(prepared.data.training), outcome: outcome,
      kernels: KernelSurvey(prepared.network, trial.configuration),
      start: prepared.start.hyperparameters, recorded: progress
    ).json
  }
}
