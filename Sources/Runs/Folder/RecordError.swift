/// An error in the files of a run, with its file and line.
package struct RecordError: Error, Equatable, CustomStringConvertible {
  /// The file, as the user would write it.
  package let file: String
  /// The line number, from 1; nil if the error concerns the whole file.
  package let line: Int?
  /// What is wrong and how to fix it.
  package let sentence: String

  /// Creates an error about a file, or about a line of it.
  package init(_ file: String, line: Int? = nil, _ sentence: String) {
    self.file = file
    self.line = line
    self.sentence = sentence
  }

  /// `FILE:LINE: SENTENCE`.
  package var description: String {
    "\(file)\(line.map { ":\($0)" } ?? ""): \(sentence)"
  }
}
