import Runs
import Storage

/// Reads `windows.jsonl` line by line, and rejects inconsistent lines.
struct WindowReader {
  private var lines: JSONLinesReader
  private var last: RecordedWindow?

  /// Opens a file.
  ///
  /// - Throws: `FileError`
  init(path: String, cutEnd: JSONLinesReader.CutEnd = .refused) throws(FileError) {
    lines = try JSONLinesReader(path: path, cutEnd: cutEnd)
  }

  /// The next window, or nil at the end.
  ///
  /// - Throws: `FileError`, and `RecordError` for a line that is damaged or does not follow the
  ///   previous one.
  mutating func nextWindow() throws -> RecordedWindow? {
    guard let line = try lines.nextLine() else { return nil }
    let members = RecordedMembers(path: lines.path, line: line)
    let window = try RecordedWindow(members)
    if let complaint = Self.complaint(of: window, after: last) { throw members.error(complaint) }
    last = window
    return window
  }

  /// Why a window cannot follow another one; nil if it can.
  private static func complaint(of window: RecordedWindow, after last: RecordedWindow?) -> String? {
    let number = last?.window ?? 0
    guard window.window == number + 1 else {
      return "is window \(window.window), but "
        + (number == 0 ? "a run begins with window 1" : "window \(number) stands before it")
        + ". Take a copy of the file that is whole and in order."
    }
    let first = window.steps.lowerBound
    guard let last else {
      return first == 1
        ? nil
        : "begins with step \(first), but a run begins with step 1. "
          + RecordedMembers.remedy
    }
    // A new training may start.
    guard first == 1 || first == last.steps.upperBound + 1 else {
      return "begins with step \(first), but window \(last.window) ends with step "
        + "\(last.steps.upperBound). \(RecordedMembers.remedy)"
    }
    guard window.hyperparameters.map(\.name) == last.hyperparameters.map(\.name) else {
      return "has other \"hyperparameters\" than window \(last.window): the line is damaged, or "
        + "two runs got mixed up. \(RecordedMembers.remedy)"
    }
    guard window.count == last.count else {
      return "has \(window.count) numbers in \"raw\", but window \(last.window) has "
        + "\(last.count): the line is damaged, or two runs got mixed up. "
        + RecordedMembers.remedy
    }
    return nil
  }
}
