import Glibc

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

extension InputText.Problem {
  /// What is wrong and what to do, as a sentence that follows the text's name.
  ///
  /// - Parameters:
  ///   - option: the option that named it, such as `--config`.
  ///   - wanted: what the option takes, such as `a YAML file`.
  package func sentence(option: String, wanted: String) -> String {
    switch self {
    case .missing: "no such file. Check the path given to \(option)."
    case .folder: "is a folder. Give \(option) \(wanted)."
    case .tooLong:
      "is longer than \(InputText.longest >> 20) MB. Give \(option) \(wanted)."
    case .silent:
      "nothing came through the pipe for ten seconds. Check what writes into it, or give \(option) "
        + "\(wanted)."
    case .notText: "is not a text file in UTF-8."
    case .notHandedOn:
      "is a pipe of the shell, which a launcher does not hand on to the ranks. Use \(option) - and "
        + "send the text to the launcher's standard input, or start the program with --ranks."
    case .unreadable(let code):
      "cannot be read (\(strerror(code).map { String(cString: $0) } ?? "error \(code)")). Check its "
        + "permissions."
    }
  }
}
