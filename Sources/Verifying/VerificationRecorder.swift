import Glibc
import Hypergradients
import MessagePassing
import Presentation
import Runs
import Settings
import Storage

/// The root's record of a verification: its output, and the folder with the results.
final class VerificationRecorder {
  private static let fileName = "verify.json"

  private let options: RunOptions
  private let windowCount: Int
  private let folder: RunFolder
  /// Remains empty: it locks the folder, and a killed verification may be restarted in it.
  private let log: RunLog
  private let live: LiveLine
  private let start = ContinuousClock.now
  private let seeds: Int
  private var work: VerificationWork
  private var seed: (number: UInt64, place: Int)?
  private var activity: VerifierActivity?
  private var inside = WindowSteps(all: 1)
  private var heartbeat = Heartbeat()
  /// The run's progress after its last trained window.
  private var last: Progress?

  /// Creates the folder; do this after all other checks.
  ///
  /// - Throws: `RunFolderError`, or `RunError` if the folder contains a verification.
  init(
    _ configuration: Configuration, _ options: RunOptions, grid: ProcessGrid,
    work: VerificationWork, seeds: Int
  ) throws {
    let path = options.output ?? ""
    if PathKind(of: "\(path)/\(Self.fileName)") != .nothing, !path.isEmpty {
      throw RunError(
        "\(path) holds a verification already (\(Self.fileName)): choose another folder "
          + "with --output.")
    }
    (folder, log) = try RunFolder.begin(
      at: options.output.map { .named($0) } ?? .dated(preset: "verify-\(options.preset)"))
    self.options = options
    windowCount = configuration.windowCount
    self.work = work
    self.seeds = seeds
    live = LiveLine(quiet: options.quiet)
    say(
      "\(options.preset): verifying \(configuration.method.rawValue), "
        + "\(configuration.inner.steps) steps, on \(grid.world.size) rank(s), grid "
        + "\(grid.columnGroups)x\(grid.dataGroups)")
  }

  /// Prints a line for the user, unless quiet.
  func say(_ line: String) {
    if !options.quiet { live.say(line) }
  }

  /// Starts a seed's run.
  func begin(seed: UInt64, place: Int) {
    work.finish(runs: place)
    (self.seed, activity, last) = ((seed, place), nil, nil)
  }

  /// Starts a training, which ends the previous one.
  func begin(_ next: VerifierActivity) {
    if let activity { work.finish(activity) }
    activity = next
    inside = WindowSteps(all: next.steps)
  }

  /// Registers a safe point, and refreshes the live line if it has been unchanged for seconds.
  func pass(_ point: SafePoint) {
    guard !live.isSilent else { return }
    inside.pass(point)
    guard heartbeat.isDue() else { return }
    if let activity { work.reach(inside.done, of: activity) }
    live.show(status)
  }

  /// Shows a trained window.
  func show(_ window: WindowRecord) {
    last = Progress(
      window: window.window, of: windowCount, loss: window.trainingLoss,
      validationAccuracy: window.validation.accuracy,
      hyperparameters: window.after.tuned.map { ($0.columnName, $0.value) })
    if let activity { work.finish(activity) }
    activity = nil
    live.show(status)
    heartbeat.rest()
  }

  /// The progress of the current training, the time left, and the run's state after its last
  /// window.
  private var status: LiveStatus {
    let run = seeds > 1 ? seed.map { "seed \($0.number): " } ?? "" : ""
    let place =
      switch activity?.kind {
      case nil: "window \(last?.window ?? 0)/\(windowCount)"
      case .run: "window \(activity?.window ?? 0)/\(windowCount), \(inside.text)"
      case .truth: "truth of window \(activity?.window ?? 0), \(inside.text)"
      case .difference(let number, let count):
        "differences of window \(activity?.window ?? 0), training \(number)/\(count), "
          + inside.text
      }
    let elapsed = (ContinuousClock.now - start).inSeconds
    let left =
      work.share > 0
      ? ["about \(NumberText.duration(seconds: elapsed * (1 / work.share - 1))) left"] : []
    return LiveStatus(
      parts: [run + place] + left + (last?.status.parts.dropFirst() ?? []), share: work.share)
  }

  /// Reports a verified window.
  func tell(_ window: VerifiedWindow, seed: UInt64) {
    let seconds = NumberText.duration(seconds: (ContinuousClock.now - start).inSeconds)
    say(
      "seed \(seed), window \(window.window) (steps \(window.steps.lowerBound) to "
        + "\(window.steps.upperBound)): the truth after step \(window.end) is "
        + "\(Self.brief(window.truth?.mean)); \(seconds)")
  }

  /// Writes the results and prints the table.
  ///
  /// - Throws: `FileError`
  func finish(_ verification: Verification) throws(FileError) {
    let path = "\(folder.path)/\(Self.fileName)"
    try AtomicFile.write(JSONText.document(verification.json), to: path)
    _ = unlink(log.path)
    let picture = try VerificationPlot(verification: verification).draw(in: folder.path)
    live.clear()
    for line in verification.table + ["numbers: \(path)", picture] {
      StandardOutput.show(line + "\n")
    }
  }

  /// How to continue after a signal: a verification has no checkpoints.
  func farewell(isEmpty: Bool) -> String {
    live.clear()
    return isEmpty
      ? "Stopped by a signal before the first window was verified. Start again with the same command."
      : "Stopped by a signal; \(folder.path)/\(Self.fileName) has the windows verified so far. For all "
        + "of them start again with the same command and another --output."
  }

  private static func brief(_ numbers: [Double]?) -> String {
    guard let numbers else { return "not finite" }
    let most = 4
    let shown = numbers.prefix(most).map { NumberText.brief($0) }.joined(separator: ", ")
    return numbers.count > most ? "(\(shown), …)" : "(\(shown))"
  }
}
