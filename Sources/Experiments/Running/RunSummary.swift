import Foundation
import Hypergradients
import MessagePassing
import Tensors

/// Where a run took place.
struct RunPlace {
  let ranks: Int
  let grid: String
  let messagePassing: String

  init(ranks: Int, grid: ProcessGrid, messagePassing: String) {
    self.ranks = ranks
    self.messagePassing = messagePassing
    self.grid = "\(grid.columnGroups)x\(grid.dataGroups)"
  }
}

/// The results of a run, for `summary.json` and for the last lines on the screen.
struct RunSummary {
  let configuration: Configuration
  let place: RunPlace
  /// Training images of each class.
  let classCounts: [Int]
  /// The checksum of all images and labels, as split.
  let imagesChecksum: String
  let outcome: RunOutcome
  let start: Hypergradients.Hyperparameters
  let recorded: RecordedProgress

  /// The content of `summary.json`.
  var json: JSONValue {
    [
      "method": .string(configuration.method.rawValue),
      "test_accuracy": .number(outcome.test.accuracy),
      "test_loss": .number(outcome.test.loss),
      "test_class_accuracies": WindowReport.json(outcome.test.classAccuracies),
      "validation_loss": .number(outcome.validation.loss),
      "validation_accuracy": .number(outcome.validation.accuracy),
      "hyperparameters": WindowReport.values(outcome.hyperparameters),
      "initial_hyperparameters": WindowReport.values(start),
      "baseline": baseline,
      "training_images_per_class": .array(classCounts.map { .integer($0) }),
      "images_checksum": .string(imagesChecksum),
      "windows": .integer(configuration.windowCount),
      "steps": .integer(configuration.inner.steps),
      "retreats": .integer(outcome.retreats),
      "fallbacks": .integer(recorded.fallbacks),
      "seed": .string("\(configuration.seed)"),
      "precision": .string(configuration.precision.rawValue),
      "compute": .string(configuration.compute.rawValue),
      "seconds": .number(outcome.tuningSeconds),
      "seconds_by_phase": WindowReport.json(recorded.seconds),
      "seconds_by_rank": outcome.rankSeconds.json,
      "ranks": .integer(place.ranks),
      "grid": .string(place.grid),
      "threads": .integer(configuration.parallel.threads),
      "versions": [
        "glocal-dist": .string(programVersion),
        "mpi": .string(place.messagePassing),
        "cpu_target": .string(BuildTarget.level),
        "openblas_kernels": .string(BLASLibrary.kernels),
        "onednn": .string(ConvolutionLibrary.version),
        "onednn_instruction_set": .string(ConvolutionLibrary.instructionSet),
      ],
    ]
  }

  private var baseline: JSONValue {
    switch outcome.baseline {
    case .trained(let test):
      [
        "test_accuracy": .number(test.accuracy), "test_loss": .number(test.loss),
        "test_class_accuracies": WindowReport.json(test.classAccuracies),
      ]
    case .diverged(let reason): ["diverged": .string(reason)]
    case nil: .null
    }
  }

  /// What was gained, the schedule found, and how long it took.
  var closingLines: [String] {
    var lines = [
      "test accuracy \(Self.percent(outcome.test.accuracy))\(comparison), "
        + "test loss \(Progress.brief(outcome.test.loss)), "
        + "\(Progress.brief(outcome.tuningSeconds)) s"
    ]
    let tuned = outcome.hyperparameters.tuned
    for (column, hyperparameter) in tuned.enumerated().prefix(Self.mostSchedules) {
      let values = recorded.schedule.map { $0[column] }
      let shown = Self.spread(values, over: 6).map(Progress.brief).joined(separator: " -> ")
      lines.append("\(hyperparameter.columnName): \(shown)")
    }
    let rest = tuned.count - Self.mostSchedules
    if rest > 0 { lines.append("(\(rest) more in windows.jsonl)") }
    return lines
  }

  /// Schedules on the screen; a hyperparameter a layer makes dozens.
  private static let mostSchedules = 8

  private var comparison: String {
    switch outcome.baseline {
    case .trained(let test): " (\(Self.percent(test.accuracy)) with the initial hyperparameters)"
    case .diverged: " (training with the initial hyperparameters diverges)"
    case nil: ""
    }
  }

  private static func percent(_ share: Double) -> String {
    let hundredths = Int((share * 10000).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
  }

  /// At most `count` of the values, from the first to the last.
  private static func spread(_ values: [Double], over count: Int) -> [Double] {
    guard values.count > count else { return values }
    return (0..<count).map { values[$0 * (values.count - 1) / (count - 1)] }
  }
}

/// The version of the program, in summaries and `--version`.
public let programVersion = "0.1.0"
