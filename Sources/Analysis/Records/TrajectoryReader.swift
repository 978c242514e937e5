import Runs
import Storage

/// The recorded local hypergradients of one window.
struct RecordedTrajectory {
  /// The window's number, from 1.
  let window: Int
  /// The steps after which h was taken, σ of them.
  let steps: [Int]
  /// h, `[σ, q]` row-major.
  let numbers: [Double]
  /// The path of the file that contains them.
  let path: String

  /// q.
  var hyperparameters: Int { numbers.count / steps.count }

  /// The last steps, `[observed, q]`, as a window with fewer observed steps would have recorded
  /// them.
  ///
  /// - Parameter observed: at most σ.
  func tail(_ observed: Int) -> [Double] { Array(numbers.suffix(observed * hyperparameters)) }
}

/// Reads the hypergradients of a run window by window, from `trajectory.jsonl` and from the window
/// files referenced by `windows.jsonl`.
struct TrajectoryReader {
  private let folder: RunFolder
  private var lines: JSONLinesReader
  private var records: WindowReader
  /// The window of the next lines, and the next record.
  private var line: RecordedTrajectory?
  private var record: RecordedWindow?
  private var hasBegun = false
  private var first: (members: RecordedMembers, h: [Double])?
  private var lastWindow = 0
  private var q: Int?

  /// Opens the files of a run.
  ///
  /// - Throws: `FileError`
  init(of folder: RunFolder) throws(FileError) {
    self.folder = folder
    lines = try JSONLinesReader(path: folder.path(of: .trajectory))
    records = try WindowReader(path: folder.path(of: .windows), cutEnd: .left)
  }

  /// The next window with its record, if it has one; nil at the end.
  ///
  /// - Throws: `FileError`, and `RecordError` for a damaged or out-of-order line or file.
  mutating func nextWindow() throws -> (RecordedTrajectory, RecordedWindow?)? {
    if !hasBegun { (record, line, hasBegun) = (try records.nextWindow(), try nextLines(), true) }
    while let next = record {
      if let line, line.window < next.window { break }
      record = try records.nextWindow()
      if let file = next.file {
        let contents = try WindowFile(of: folder, expecting: file)
        guard line?.window != next.window else {
          throw RecordError(
            lines.path,
            "has hypergradients of window \(next.window), and so has \(contents.path): two runs got "
              + "mixed up. \(RecordedMembers.remedy)")
        }
        if contents.steps.isEmpty { continue }
        let trajectory = RecordedTrajectory(
          window: next.window, steps: contents.steps, numbers: try contents.hypergradients(),
          path: contents.path)
        return (trajectory, next)
      }
      if let found = line, found.window == next.window {
        line = try nextLines()
        return (found, next)
      }
    }
    guard let found = line else { return nil }
    line = try nextLines()
    return (found, nil)
  }

  private mutating func nextLines() throws -> RecordedTrajectory? {
    guard let start = try first ?? nextRow() else { return nil }
    first = nil
    let window = try start.members.int("window", in: RecordedMembers.counts)
    guard window > lastWindow else {
      throw start.members.error(
        "belongs to window \(window), but window \(lastWindow) stands before it. Take a copy of "
          + "the file that is in order.")
    }
    lastWindow = window
    var steps = [try start.members.int("step", in: RecordedMembers.counts)]
    var numbers = start.h
    while let row = try nextRow() {
      guard try row.members.int("window", in: RecordedMembers.counts) == window else {
        first = row
        break
      }
      let step = try row.members.int("step", in: RecordedMembers.counts)
      guard step == steps[steps.count - 1] + 1 else {
        throw row.members.error(
          "is step \(step), but step \(steps[steps.count - 1]) stands before it: lines are "
            + "missing. Take a copy of the file that is whole.")
      }
      steps.append(step)
      numbers += row.h
    }
    return RecordedTrajectory(window: window, steps: steps, numbers: numbers, path: lines.path)
  }

  private mutating func nextRow() throws -> (members: RecordedMembers, h: [Double])? {
    guard let line = try lines.nextLine() else { return nil }
    let members = RecordedMembers(path: lines.path, line: line)
    let h = try members.needed("h")
    guard let q, q != h.count else {
      if h.isEmpty { throw members.error("holds no hypergradient: h is empty.") }
      q = h.count
      return (members, h)
    }
    throw members.error(
      "has \(h.count) hypergradients, but the lines before it have \(q): two runs got mixed up.")
  }
}
