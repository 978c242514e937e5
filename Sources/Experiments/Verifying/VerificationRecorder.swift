import Hypergradients
import MessagePassing

/// The root's record of a verification: what is shown, and the folder with the results.
final class VerificationRecorder {
  private static let fileName = "verify.json"

  private let options: RunOptions
  private let windowCount: Int
  private let folder: RunFolder
  private let live: LiveLine
  private let start = ContinuousClock.now

  /// Makes the folder; do this after everything else was checked.
  ///
  /// - Throws: `RunFolderError`, or `RunError` where the folder holds a verification.
  init(_ configuration: Configuration, _ options: RunOptions, grid: ProcessGrid) throws {
    folder = try RunFolder(
      at: options.output.map { .named($0) } ?? .dated(preset: "verify-\(options.preset)"))
    if RunFolder.kind(of: "\(folder.path)/\(Self.fileName)") != .nothing {
      throw RunError(
        "\(folder.path) holds a verification already (\(Self.fileName)): choose another folder "
          + "with --output.")
    }
    self.options = options
    windowCount = configuration.windowCount
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

  /// Shows a window that was trained.
  func show(_ window: WindowRecord) {
    live.show(
      Progress(
        window: window.window, of: windowCount, loss: window.trainingLoss,
        validationAccuracy: window.validation.accuracy,
        hyperparameters: window.after.tuned.map { ($0.columnName, $0.value) }))
  }

  /// Tells of a window that was verified.
  func tell(_ window: VerifiedWindow, seed: UInt64) {
    let seconds = Progress.duration(seconds: (ContinuousClock.now - start).inSeconds)
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
    let shown = numbers.prefix(most).map { Progress.brief($0) }.joined(separator: ", ")
    return numbers.count > most ? "(\(shown), …)" : "(\(shown))"
  }
}
