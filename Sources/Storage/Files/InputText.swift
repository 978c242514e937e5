/// A short text given as a file, through a pipe such as `<(…)`, or on standard input.
package struct InputText {
  /// The maximum length in bytes: fifty times a configuration with a comment for every key.
  package static let longest = 1 << 20

  /// The name of `-` and `/dev/stdin` in errors.
  package static let standardInput = "standard input"

  /// The name in errors: the path as given.
  package let name: String
  package let text: String
  /// Whether another process can read it again.
  package let isFile: Bool

  /// Why the text could not be read.
  package enum Problem: Error {
    case missing, folder, tooLong, silent, notText
    /// A pipe of the shell that a launcher does not pass on.
    case notHandedOn
    case unreadable(code: Int32)
  }

  /// Reads a text to its end, waiting for its writer.
  ///
  /// - Parameter isLaunched: whether a launcher such as mpirun has started this process.
  /// - Throws: `Problem`; `silent` if nothing is written to a named pipe for ten seconds.
  package init(_ path: String, isLaunched: Bool) throws(Problem) {
    let source = try InputTextSource(path, isLaunched: isLaunched)
    name = source.isStandardInput ? Self.standardInput : path
    isFile = source.isFile
    let bytes = try source.bytes(limit: Self.longest)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
    self.text = text
  }

  /// The name of a text in errors, before it is read.
  package static func name(of path: String) -> String {
    InputTextSource.isStandardInput(path) ? standardInput : path
  }
}
