/// An invalid or unsuitable safetensors file.
package struct SafeTensorsError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  package enum Problem: Equatable, Sendable {
    /// The operating system reported an error.
    case file(FileError)
    /// The file is truncated: bytes needed and bytes found.
    case truncated(needed: Int, found: Int)
    /// The header is not JSON of the required form.
    case badHeader(String)
    /// A tensor's entry does not have the required form.
    case badEntry(tensor: String, String)
    /// Two tensors claim the same bytes.
    case overlap(tensor: String, other: String)
    /// Bytes that belong to no tensor, before `tensor` or, if nil, at the end.
    case gap(before: String?, bytes: Int)
    /// An unsupported element type.
    case unsupportedType(tensor: String, type: String)
    /// The tensor does not have the required shape.
    case wrongShape(tensor: String, expected: [Int], found: [Int])
    /// The tensor is not in the file.
    case missing(tensor: String, present: [String])
    /// The file contains an unexpected tensor.
    case unexpected(tensor: String, expected: [String])
    /// A number that is not finite.
    case nonFinite(tensor: String, index: Int)
  }

  /// The file's path.
  package let path: String
  /// What is wrong.
  package let problem: Problem

  package init(_ path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  /// The file, the tensor, what was expected and found, and the remedy.
  package var description: String {
    switch problem {
    case .file(let error): error.description
    case .truncated(let needed, let found):
      """
      \(path) is cut short: it needs \(needed) bytes and has \(found). \
      Copy or download it again.
      """
    case .badHeader(let why):
      "\(path) is not a safetensors file: \(why). Save it with safetensors' save_file."
    case .badEntry(let tensor, let why):
      "\(path): the entry of tensor \(tensor) is wrong: \(why). Save the file again."
    case .overlap(let tensor, let other):
      "\(path): tensors \(other) and \(tensor) claim the same bytes. Save the file again."
    case .gap(let tensor, let bytes):
      """
      \(path): \(bytes) bytes \(tensor.map { "before tensor \($0)" } ?? "at the end") belong to no \
      tensor. Save the file again.
      """
    case .unsupportedType(let tensor, let type):
      """
      \(path): tensor \(tensor) holds numbers of type \(type); F64, F32, F16 and BF16 are read. \
      Convert it with .float() before saving.
      """
    case .wrongShape(let tensor, let expected, let found):
      """
      \(path): tensor \(tensor) has shape \(found), and the network needs \(expected). \
      Use parameters saved from the same network.
      """
    case .missing(let tensor, let present):
      """
      \(path) has no tensor \(tensor); it has \(Self.list(present)). \
      Use parameters saved from the same network, under PyTorch's names.
      """
    case .unexpected(let tensor, let expected):
      """
      \(path) holds a tensor \(tensor) that the network does not have; it has \
      \(Self.list(expected)). Use parameters saved from the same network.
      """
    case .nonFinite(let tensor, let index):
      """
      \(path): number \(index) of tensor \(tensor) is not finite. \
      The run that saved it has diverged; use an earlier one.
      """
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(12).joined(separator: ", ")
    return names.isEmpty
      ? "none" : names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
  }
}
