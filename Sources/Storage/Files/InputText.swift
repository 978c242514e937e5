/// A short text that people hand in as a file, through a pipe such as `<(…)`, or on standard input.
package struct InputText {
  /// Bytes of the longest: fifty times a configuration with a comment for every key.
  package static let longest = 1 << 20

  /// What `-` and `/dev/stdin` stand for.
  package static let standardInput = "standard input"

  /// How errors call it: the path as given.
  package let name: String
  package let text: String
  /// Whether it can be read again, by another process.
  package let isFile: Bool

  /// Why there is no text.
  package enum Problem: Error {
    case missing, folder, tooLong, silent, notText
    /// A pipe of the shell's that a launcher does not hand on.
    case notHandedOn
    case unreadable(code: Int32)
  }

  /// Reads a text to its end, waiting for whoever writes it.
  ///
  /// - Parameter isLaunched: whether a launcher such as mpirun has started this process.
  /// - Throws: `Problem`; `silent` when nobody wrote into a named pipe for ten seconds.
  package init(_ path: String, isLaunched: Bool) throws(Problem) {
    let source = try InputTextSource(path, isLaunched: isLaunched)
    name = source.isStandardInput ? Self.standardInput : path
    isFile = source.isFile
    let bytes = try source.bytes(limit: Self.longest)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
    self.text = text
  }

  /// How errors call a text before it is read.
  package static func name(of path: String) -> String {
    InputTextSource.isStandardInput(path) ? standardInput : path
  }
}
