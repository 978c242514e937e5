import DynamicModes
import Runs
import Settings
import Storage
import Tensors

/// Estimates the limits of a recorded run's windows again, with other settings; nothing is trained.
///
/// The trajectory is read window by window, so a run of any length can be replayed.
package struct Replay {
  private let folder: RunFolder
  private let configuration: Configuration
  private let grid: ReplayGrid
  private let output: ReplayOutput?
  private var table: ReplayTable
  private var windows = 0
  /// The comparison of the run's own settings with the recorded estimates.
  private var own = OwnSettings()

  /// Creates a replay of a run.
  ///
  /// - Parameters:
  ///   - path: the run's folder.
  ///   - lists: the values to try.
  ///   - output: a file for every single estimate, `.csv` or `.jsonl`.
  /// - Throws: `RunFolderError`, `ConfigurationError`, `RunError`, `FileError`
  package init(of path: String, _ lists: ReplayGrid.Lists, output: String?) throws {
    configuration = try RunFolder.configuration(of: path)
    folder = RunFolder(known: path)
    grid = try ReplayGrid(lists, over: configuration)
    table = ReplayTable(grid)
    // Checked before the output file is emptied.
    guard PathKind(of: folder.path(of: .trajectory)) == .other else {
      throw RecordError(
        folder.path(of: .trajectory), "does not exist: the run recorded no hypergradients.")
    }
    self.output = try output.map(ReplayOutput.init)
    // As in the run: the same library calls on the same numbers give the same bits.
    BLASLibrary.threads = configuration.parallel.threads
  }

  /// Replays all windows.
  ///
  /// - Returns: the lines for a terminal.
  /// - Throws: `RecordError` for a damaged line, and if the windows have fewer steps than are to be
  ///   observed; `FileError`
  package mutating func run() throws -> [String] {
    var trajectories = try TrajectoryReader(of: folder)
    while let (trajectory, record) = try trajectories.nextWindow() {
      if let record { try check(trajectory, record) }
      try replay(trajectory, record)
    }
    guard windows > 0 else {
      throw RecordError(
        folder.path(of: .trajectory),
        "holds no hypergradients: the method \(configuration.method.rawValue) took none, or no "
          + "window has ended yet. Replay a run with the method glocal.")
    }
    try output?.close()
    return lines
  }

  /// Checks that both files describe the same window.
  private func check(
    _ trajectory: RecordedTrajectory, _ record: RecordedWindow
  ) throws(RecordError) {
    // A window file has already been checked against the window's line.
    guard record.file != nil || trajectory.hyperparameters == record.columns else {
      throw RecordError(
        folder.path(of: .windows), line: record.line,
        "has \(record.columns) tuned hyperparameter(s) in window \(record.window), but "
          + "\(folder.path(of: .trajectory)) has \(trajectory.hyperparameters): two runs got mixed "
          + "up. \(RecordedMembers.remedy)")
    }
  }

  private mutating func replay(
    _ trajectory: RecordedTrajectory, _ record: RecordedWindow?
  ) throws {
    let recorded = trajectory.steps.count
    guard grid.mostObserved <= recorded else {
      throw RecordError(
        trajectory.path,
        "window \(trajectory.window) has \(recorded) recorded step\(recorded == 1 ? "" : "s"), but \(grid.mostObserved) are to "
          + "be observed: give --observed at most \(recorded), or record a run with a larger "
          + "window.observed.")
    }
    windows += 1
    let horizon = max(0, configuration.inner.steps - trajectory.steps[recorded - 1])
    var place = 0
    for settings in grid.settings.chunked(by: \.withoutTolerance) {
      let states = estimateSteadyStates(
        trajectory: trajectory.tail(settings[0].observed), steps: settings[0].observed,
        hyperparameters: trajectory.hyperparameters, settings: settings[0].modes,
        tolerances: settings.map(\.modes.tolerance), horizon: horizon,
        estimators: settings.contains(grid.own) ? Estimator.allCases : grid.estimators)
      for (setting, state) in zip(settings, states) {
        if setting == grid.own, let record { own.compare(state.estimates, with: record) }
        for estimator in grid.estimators {
          let window = ReplayedWindow(
            trajectory, setting, state.requesting(estimator), recorded: record?.estimate)
          table.add(window, at: place)
          try output?.append(window)
          place += 1
        }
      }
    }
  }

  private var lines: [String] {
    var lines = [
      "\(folder.path): \(windows) windows, \(grid.settings.count) settings; means over windows",
      "cos, sign, dist: cosine, share of equal signs and relative distance to what moved the "
        + "hyperparameters then; -tail: to tail-mean",
    ]
    if grid.leftOut.count > 0, let reason = grid.leftOut.reason {
      lines.append("\(grid.leftOut.count) combinations left out: \(reason)")
    }
    lines += table.lines
    return lines + own.lines
  }
}

extension Array {
  /// Splits into runs of consecutive elements with equal keys.
  func chunked<Key: Equatable>(by key: (Element) -> Key) -> [[Element]] {
    var chunks: [[Element]] = []
    for element in self {
      if let last = chunks.last?.first, key(last) == key(element) {
        chunks[chunks.count - 1].append(element)
      } else {
        chunks.append([element])
      }
    }
    return chunks
  }
}
