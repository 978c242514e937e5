import Glibc
import Runs
import Settings
import Storage

/// The file with a line per window, setting and estimator; it grows during the replay.
final class ReplayOutput {
  /// The format of the lines, given by the file's extension.
  enum Form: String, CaseIterable {
    case csv, jsonl
  }

  private let form: Form
  private let file: OutputFile
  private var waiting: [UInt8] = []
  private var hasHeader = false

  /// Creates the file, or empties one that is not a run's own.
  ///
  /// - Throws: `RunError` for another extension, `FileError`
  init(path: String) throws {
    guard let form = Form.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else {
      throw RunError(
        "--output \(path): the name must end in .csv or .jsonl, which says what is written.")
    }
    try DerivedFile.check(path)
    self.form = form
    file = try OutputFile(path: path, flags: O_CREAT | O_TRUNC)
  }

  /// Adds a line.
  ///
  /// - Throws: `FileError`
  func append(_ window: ReplayedWindow) throws(FileError) {
    switch form {
    case .jsonl: add(JSONText.line(window.json))
    case .csv:
      if !hasHeader { add(window.columnNames.joined(separator: ",")) }
      hasHeader = true
      add(window.cells.joined(separator: ","))
    }
    if waiting.count > 1 << 18 { try flush() }
  }

  /// Waits until all lines are on the disk.
  ///
  /// - Throws: `FileError`
  func close() throws(FileError) {
    try flush()
    try file.syncAndClose(kept: Self.kept)
  }

  private static let kept = "The lines before are whole."

  private func add(_ line: String) {
    waiting += line.utf8
    waiting.append(UInt8(ascii: "\n"))
  }

  private func flush() throws(FileError) {
    let bytes = waiting
    waiting = []
    try bytes.forEachPiece { piece throws(FileError) in
      try self.file.write(piece, kept: Self.kept)
    }
  }
}
