/// Something in the files of a run that cannot be used, with its file and line.
package struct RecordError: Error, Equatable, CustomStringConvertible {
  /// The file, as the user would write it.
  package let file: String
  /// The line in it, from 1; nil where it is about the whole file.
  package let line: Int?
  /// What is wrong and what to do.
  package let sentence: String

  /// An error in a file, or in a line of it.
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
