import Storage

// The files of a run that grow window by window.
extension JSONLinesFile {
  /// Opens a file of an earlier run and truncates it to the lines of the first windows; creates it
  /// if it is missing.
  ///
  /// - Throws: `FileError`
  package convenience init(
    path: String, cutAfterWindow window: Int, digits: JSONText.Digits = .shortest
  ) throws(FileError) {
    let lines = try WindowLines(of: path, throughWindow: window)
    try self.init(
      path: path,
      cutTo: FileMark(lines: lines.count, bytes: lines.bytes, checksum: lines.checksum),
      digits: digits)
  }

  /// Appends a row of the trajectory, `{"window":1,"step":31,"h":[…]}`.
  ///
  /// - Parameters:
  ///   - window: the number of the window, from 1.
  ///   - step: the number of the inner step since the start of the run, from 1.
  ///   - h: the local hypergradient after that step, `[q]`.
  package func append(window: Int, step: Int, h: some Collection<Double>) {
    appendLine { text in
      text.append(raw: "{\"window\":")
      text.append(window)
      text.append(raw: ",\"step\":")
      text.append(step)
      text.append(raw: ",\"h\":")
      text.append(numbers: h)
      if let explanation = NonFinite.explanation(of: h) {
        text.append(raw: ",\"h_non_finite\":")
        text.append(explanation)
      }
      text.append(raw: "}")
    }
  }
}
