import Storage

/// Reads a `.jsonl` file line by line; keeps only one line in memory, however long the file is.
package struct JSONLinesReader {
  /// A line with its number, from 1.
  package struct Line {
    package let number: Int
    package let value: JSONValue
  }

  /// How to treat a partial last line, left by a process that ended while writing it.
  package enum CutEnd {
    /// It is an error.
    case refused
    /// It is ignored, for reading a run in progress.
    case left
  }

  package let path: String
  private let input: InputFile
  private let cutEnd: CutEnd
  private var position = 0
  private var waiting: [UInt8] = []
  /// The offset of the next line in the buffered bytes.
  private var next = 0
  private var number = 0

  /// Opens a file.
  ///
  /// - Throws: `FileError`
  package init(path: String, cutEnd: CutEnd = .refused) throws(FileError) {
    self.path = path
    self.cutEnd = cutEnd
    input = try InputFile(path: path)
  }

  /// The next line, or nil at the end.
  ///
  /// - Throws: `FileError`, and `RecordError` for a line that is not JSON.
  package mutating func nextLine() throws -> Line? {
    var searched = next
    while true {
      if let end = waiting[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { next = end + 1 }
        return try line(waiting[next..<end], isWhole: true)
      }
      guard position < input.size else { break }
      waiting.removeFirst(next)
      next = 0
      searched = waiting.count
      let end = min(position + Self.piece, input.size)
      waiting += try input.bytes(at: position..<end)
      position = end
    }
    guard next < waiting.count else { return nil }
    defer { next = waiting.count }
    return try line(waiting[next...], isWhole: false)
  }

  private static let piece = 1 << 20

  private mutating func line(_ bytes: ArraySlice<UInt8>, isWhole: Bool) throws -> Line? {
    number += 1
    do throws(JSONSyntaxError) {
      return Line(number: number, value: try JSONValue(parsing: bytes))
    } catch {
      if isWhole {
        throw RecordError(
          path, line: number,
          "is not JSON: \(error). The file is damaged there: take a copy of it that is not.")
      }
      if cutEnd == .left { return nil }
      throw RecordError(
        path, line: number,
        "is cut short: the run was ended while it wrote it. Go on with the run (glocal-dist "
          + "resume), which writes it anew, or take the line out.")
    }
  }
}
