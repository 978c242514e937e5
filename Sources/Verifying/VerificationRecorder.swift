import Glibc
import Hypergradients
import MessagePassing
import Presentation
import Runs
import Settings
import Storage

/// The root's record of a verification: what is shown, and the folder with the results.
final class VerificationRecorder {
  private static let fileName = "verify.json"

  private let options: RunOptions
  private let windowCount: Int
  private let folder: RunFolder
  /// Empty: who has it has the folder, and a verification that was killed may be begun again in it.
  private let log: RunLog
  private let live: LiveLine
  private let start = ContinuousClock.now
  private let seeds: Int
  private var work: VerificationWork
  private var seed: (number: UInt64, place: Int)?
  private var activity: VerifierActivity?
  private var inside = WindowSteps(all: 1)
  private var heartbeat = Heartbeat()
  /// The last window of the run that was trained.
  private var last: Progress?

  /// Makes the folder; do this after everything else was checked.
  ///
  /// - Throws: `RunFolderError`, or `RunError` where the folder holds a verification.
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

  /// Tells the user something, unless told to be quiet.
  func say(_ line: String) {
    if !options.quiet { live.say(line) }
  }

  /// Lets a seed's run begin.
  func begin(seed: UInt64, place: Int) {
    work.finish(runs: place)
    (self.seed, activity, last) = ((seed, place), nil, nil)
  }

  /// Lets a training begin; the one before it is over.
  func begin(_ next: VerifierActivity) {
    if let activity { work.finish(activity) }
    activity = next
    inside = WindowSteps(all: next.steps)
  }

  /// Takes note of a safe point, and moves the live line where nothing else has for seconds.
  func pass(_ point: SafePoint) {
    guard !live.isSilent else { return }
    inside.pass(point)
    guard heartbeat.isDue() else { return }
    if let activity { work.reach(inside.done, of: activity) }
    live.show(status)
  }

  /// Shows a window that was trained.
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

  /// Which training is where, the time left, and what the run was like after its last window.
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

  /// Tells of a window that was verified.
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

  /// How to go on after a signal: a verification keeps no checkpoints.
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
