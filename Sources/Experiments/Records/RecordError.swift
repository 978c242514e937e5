/// Something in the files of a run that cannot be used, with its file and line.
public struct RecordError: Error, Equatable, CustomStringConvertible {
  /// The file, as the user would write it.
  public let file: String
  /// The line in it, from 1; nil where it is about the whole file.
  public let line: Int?
  /// What is wrong and what to do.
  public let sentence: String

  /// An error in a file, or in a line of it.
  init(_ file: String, line: Int? = nil, _ sentence: String) {
    self.file = file
    self.line = line
    self.sentence = sentence
  }

  /// `FILE:LINE: SENTENCE`.
  public var description: String {
    "\(file)\(line.map { ":\($0)" } ?? ""): \(sentence)"
  }
}
