import Foundation
import Hypergradients
import MessagePassing
import Presentation
import Settings
import Storage
import Tensors

/// Where a run was executed.
package struct RunPlace {
  package let ranks: Int
  package let grid: String
  package let messagePassing: String

  package init(ranks: Int, grid: ProcessGrid, messagePassing: String) {
    self.ranks = ranks
    self.messagePassing = messagePassing
    self.grid = "\(grid.columnGroups)x\(grid.dataGroups)"
  }
}

/// The results of a run, for `summary.json` and for the last lines on the screen.
package struct RunSummary {
  package let configuration: Configuration
  package let place: RunPlace
  /// The number of training images per class.
  package let classCounts: [Int]
  /// The checksum of all examples and labels, after splitting.
  package let imagesChecksum: String
  /// The checksum of the user's own model; nil for the program's networks.
  package let modelChecksum: String?
  /// How inputs are normalised.
  package let inputs: InputRecord
  package let outcome: RunOutcome
  package let kernels: KernelSurvey
  package let start: Hyperparameters
  package let recorded: RecordedProgress

  package init(
    configuration: Configuration, place: RunPlace, classCounts: [Int], imagesChecksum: String,
    modelChecksum: String? = nil, inputs: InputRecord, outcome: RunOutcome, kernels: KernelSurvey,
    start: Hyperparameters,
    recorded: RecordedProgress
  ) {
    self.configuration = configuration
    self.place = place
    self.classCounts = classCounts
    self.imagesChecksum = imagesChecksum
    self.modelChecksum = modelChecksum
    self.inputs = inputs
    self.outcome = outcome
    self.kernels = kernels
    self.start = start
    self.recorded = recorded
  }

  /// The content of `summary.json`.
  package var json: JSONValue {
    let results: JSONValue = [
      "method": .string(configuration.method.rawValue),
      "test_accuracy": .number(outcome.test.accuracy),
      "test_loss": .number(outcome.test.loss),
      "test_class_accuracies": WindowLine.json(outcome.test.classAccuracies),
      "validation_loss": .number(outcome.validation.loss),
      "validation_accuracy": .number(outcome.validation.accuracy),
      "hyperparameters": WindowLine.values(outcome.hyperparameters),
      "initial_hyperparameters": WindowLine.values(start),
      "baseline": baseline,
      "training_images_per_class": .array(classCounts.map { .integer($0) }),
      "images_checksum": .string(imagesChecksum),
    ]
    let circumstances: JSONValue = [
      "best": outcome.best?.json ?? .null,
      "windows": .integer(outcome.windows),
      "steps": .integer(outcome.steps),
      "ended_early": .bool(outcome.endedEarly),
      "retreats": .integer(outcome.retreats),
      "projections": .object(
        recorded.projections.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
      "fallbacks": .integer(recorded.fallbacks),
      "seed": .string("\(configuration.seed)"),
      "precision": .string(configuration.precision.rawValue),
      "compute": .string(configuration.compute.rawValue),
      "seconds": .number(outcome.tuningSeconds),
      "seconds_by_phase": recorded.seconds.json,
      "seconds_by_rank": outcome.rankSeconds.json,
      "ranks": .integer(place.ranks),
      "grid": .string(place.grid),
      "threads": .integer(configuration.parallel.threads),
      "kernels": kernels.json,
      "versions": [
        "glocal-dist": .string(programVersion),
        "mpi": .string(place.messagePassing),
        "cpu_target": .string(BuildTarget.level),
        "openblas_kernels": .string(BLASLibrary.kernels),
        "onednn": .string(ConvolutionLibrary.version),
        "onednn_instruction_set": .string(ConvolutionLibrary.instructionSet),
      ],
    ]
    let others = outcome.test.otherMetrics(of: "test")
    let model = modelChecksum.map { [JSONValue.Member("model_checksum", .string($0))] } ?? []
    return .object(
      (results.members ?? []) + others + model + inputs.members + (circumstances.members ?? []))
  }

  private var baseline: JSONValue {
    switch outcome.baseline {
    case .trained(let test):
      .object(
        [
          .init("test_accuracy", .number(test.accuracy)), .init("test_loss", .number(test.loss)),
          .init("test_class_accuracies", WindowLine.json(test.classAccuracies)),
        ] + test.otherMetrics(of: "test"))
    case .diverged(let reason): ["diverged": .string(reason)]
    case nil: .null
    }
  }

  /// The improvement, the schedule found, and the time taken.
  package var closingLines: [String] {
    var lines: [String] = []
    if outcome.endedEarly, let patience = configuration.inner.patience {
      lines.append(
        "ended after window \(outcome.windows) of \(configuration.windowCount): \(patience) "
          + "window\(patience == 1 ? "" : "s") without a better validation loss (inner.patience)")
    }
    lines += [
      "test \(outcome.test.words)"
        + (outcome.test.accuracy == nil
          ? "" : ", test loss \(NumberText.brief(outcome.test.loss))")
        + outcome.test.otherWords
        + "\(comparison), \(NumberText.brief(outcome.tuningSeconds)) s"
    ]
    if let best = outcome.best, best.record.window < outcome.windows {
      lines.append(best.line)
    }
    let tuned = outcome.hyperparameters.tuned
    let shown = Self.spread(Array(recorded.schedule.indices), over: 6)
    if !tuned.isEmpty, !shown.isEmpty { lines.append(scheduleHead(shown)) }
    for (column, hyperparameter) in tuned.enumerated().prefix(Self.mostSchedules) {
      let values = shown.map { NumberText.brief(recorded.schedule[$0][column]) }
      lines.append("\(hyperparameter.columnName): \(values.joined(separator: " -> "))")
    }
    let rest = tuned.count - Self.mostSchedules
    if rest > 0 { lines.append("(\(rest) more in windows.jsonl)") }
    return lines
  }

  /// The maximum number of schedules on the screen; with one per layer there would be dozens.
  private static let mostSchedules = 8

  private var comparison: String {
    switch outcome.baseline {
    case .trained(let test):
      " (\(test.brief)"
        + (test.accuracy == nil ? "" : ", \(NumberText.brief(test.loss))")
        + " with the initial hyperparameters)"
    case .diverged: " (training with the initial hyperparameters diverges)"
    case nil: ""
    }
  }

  /// The header of the values below it: `after step 0, 200, 400, …`.
  ///
  /// - Parameter windows: the windows after which they were recorded.
  private func scheduleHead(_ windows: [Int]) -> String {
    let restarts = configuration.method == .globalRestart
    let places = windows.map { window in
      "\(restarts ? window : min(window * configuration.window.length, configuration.inner.steps))"
    }
    let skipped = recorded.schedule.count - windows.count
    return "values after \(restarts ? "training" : "step") \(places.joined(separator: ", "))"
      + (skipped > 0 ? " (\(skipped) between them are in windows.jsonl)" : "") + ":"
  }

  /// At most `count` of the values, evenly spread from the first to the last.
  private static func spread(_ values: [Int], over count: Int) -> [Int] {
    guard values.count > count else { return values }
    return (0..<count).map { values[$0 * (values.count - 1) / (count - 1)] }
  }
}

/// The version of the program, in summaries and `--version`.
package let programVersion = "0.1.0"
