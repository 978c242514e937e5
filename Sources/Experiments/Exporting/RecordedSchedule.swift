import Hypergradients

/// How a schedule is written.
public enum ScheduleForm: String, CaseIterable, Sendable {
  /// A table, one line a window.
  case csv
  /// A Python module for PyTorch.
  case torch
  /// A Python module for JAX with optax.
  case optax
}

/// The values of the optimizer's hyperparameters in every window of a run, tuned and fixed.
public struct RecordedSchedule {
  /// The run's folder, as the user would write it.
  let path: String
  /// What trained the network.
  let optimizer: InnerOptimizerKind
  /// What the hyperparameters are called: `learning-rate`, or `learning-rate[conv1]`.
  let names: [String]
  /// The inner steps of each window, from 1.
  let steps: [ClosedRange<Int>]
  /// A row for each window, `[windows, hyperparameters]`.
  let values: [[Double]]

  /// The schedule of a run's windows; where a run trains several times, that of the last training.
  ///
  /// - Throws: `RecordError` where there are no windows, or they do not fit each other.
  public init(of run: RecordedRun) throws(RecordError) {
    let file = RunFolder(known: run.path).path(of: .windows)
    guard let last = run.windows.last else {
      throw RecordError(file, "holds no window yet: export the schedule of a run that has begun.")
    }
    let start = run.windows.lastIndex { $0.steps.lowerBound == 1 } ?? 0
    let windows = run.windows[start...]
    path = run.path
    optimizer = run.configuration.inner.optimizer
    names = last.hyperparameters.map(\.name)
    for window in windows where window.hyperparameters.map(\.name) != names {
      throw RecordError(
        file,
        "window \(window.window) has other hyperparameters than window \(last.window): two "
          + "runs got mixed up.")
    }
    steps = windows.map(\.steps)
    values = windows.map { $0.hyperparameters.map(\.value) }
  }

  /// The schedule in one of its forms.
  public func text(_ form: ScheduleForm) -> String {
    switch form {
    case .csv: table
    case .torch: PythonSchedule(self).torch
    case .optax: PythonSchedule(self).optax
    }
  }

  /// Writes a text, whole or not at all.
  ///
  /// - Throws: `RunError` for the name of a run's own file, `FileError`
  public static func write(_ text: String, to path: String) throws {
    try DerivedFile.write(text, to: path)
  }

  /// Lines of `first_step,last_step,learning-rate,…`.
  private var table: String {
    var lines = [(["first_step", "last_step"] + names.map(CSVText.quoted)).joined(separator: ",")]
    for (steps, values) in zip(steps, values) {
      lines.append(
        (["\(steps.lowerBound)", "\(steps.upperBound)"] + values.map { "\($0)" })
          .joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
