import Hypergradients
import Runs
import Storage

/// The output format of a schedule.
package enum ScheduleForm: String, CaseIterable, Sendable {
  /// A table, one line per window.
  case csv
  /// A Python module for PyTorch.
  case torch
  /// A Python module for JAX with optax.
  case optax
}

/// The values of the optimizer's hyperparameters, tuned and fixed, in every window of a run, and
/// the learning rate schedule on top of them.
package struct RecordedSchedule {
  /// The run's folder, as the user would write it.
  let path: String
  /// The optimizer that trained the network.
  let optimizer: InnerOptimizerKind
  /// The names of the hyperparameters: `learning-rate`, or `learning-rate[conv1]`.
  let names: [String]
  /// The inner steps of each window, from 1.
  let steps: [ClosedRange<Int>]
  /// One row per window, `[windows, hyperparameters]`; learning rates before their schedule.
  let values: [[Double]]
  /// The learning rate schedule of each window.
  let schedules: [RateSchedule]

  /// The schedule of a run's windows; if a run trains several times, that of the last training.
  ///
  /// - Throws: `RecordError` if there are no windows, or a value is missing.
  package init(of run: RecordedRun) throws(RecordError) {
    let file = RunFolder(known: run.path).path(of: .windows)
    guard let last = run.windows.last else {
      throw RecordError(file, "holds no window yet: export the schedule of a run that has begun.")
    }
    let start = run.windows.lastIndex { $0.steps.lowerBound == 1 } ?? 0
    let windows = run.windows[start...]
    path = run.path
    optimizer = run.configuration.inner.optimizer
    names = last.hyperparameters.map(\.name)
    let inner = run.configuration.inner
    for window in windows {
      try Self.check(window, of: file, steps: inner.steps)
    }
    steps = windows.map(\.steps)
    values = windows.map { $0.hyperparameters.map(\.value) }
    // Only a run that was resumed by force can have more than one.
    schedules = windows.map {
      $0.schedule ?? run.configuration.tuningSettings(.none, .forward).rateSchedule
    }
  }

  private static func check(
    _ window: RecordedWindow, of file: String, steps: Int
  ) throws(RecordError) {
    if let bad = window.hyperparameters.first(where: { !$0.value.isFinite }) {
      throw RecordError(
        file, line: window.line,
        "the \(bad.name) of window \(window.window) is not finite, and no optimizer can be given "
          + "it. \(RecordedMembers.remedy)")
    }
    if window.steps.upperBound > steps {
      throw RecordError(
        file, line: window.line,
        "window \(window.window) ends with step \(window.steps.upperBound), but the run has "
          + "\(steps) (inner.steps in config.yaml). Take copies of both files from one run.")
    }
  }

  /// The values used by the optimizer in a step, counted from 1.
  func values(step: Int, window: Int) -> [Double] {
    let factor = schedules[window].factor(step: step - 1)
    guard !schedules[window].isConstant else { return values[window] }
    return zip(names, values[window]).map { name, value in
      Self.isLearningRate(name) ? value * factor : value
    }
  }

  /// Whether a name is `learning-rate` or `learning-rate[LAYER]`.
  static func isLearningRate(_ name: String) -> Bool {
    name.prefix { $0 != "[" } == HyperparameterName.learningRate.rawValue
  }

  /// The schedule in one of the formats.
  package func text(_ form: ScheduleForm) -> String {
    switch form {
    case .csv: table
    case .torch: PythonSchedule(self).torch
    case .optax: PythonSchedule(self).optax
    }
  }

  /// Writes a text atomically.
  ///
  /// - Throws: `RunError` for the path of a run's own file, `FileError`
  package static func write(_ text: String, to path: String) throws {
    try DerivedFile.write(text, to: path)
  }

  /// Lines of `first_step,last_step,learning-rate,…`: one per window, or one per step if the
  /// learning rate changes with every step.
  private var table: String {
    var lines = [(["first_step", "last_step"] + names.map(CSVText.quoted)).joined(separator: ",")]
    for (window, steps) in steps.enumerated() {
      let parts =
        schedules[window].isConstant ? [steps] : steps.map { $0...$0 }
      for part in parts {
        let values = values(step: part.lowerBound, window: window)
        lines.append(
          (["\(part.lowerBound)", "\(part.upperBound)"] + values.map { "\($0)" })
            .joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
