import Glibc
import Storage

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
