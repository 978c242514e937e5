import Foundation
import Glibc

/// Puts tensors that lie in files beside the model into the message.
struct ExternalData {
  /// The model's own folder, without links.
  private let folder: String
  /// The files met.
  private var files: Set<String> = []
  /// How many bytes they have.
  private var size = 0
  /// Bytes taken so far.
  private var taken = 0

  /// Data of a model.
  init(besideModel path: String) {
    let parent = (path as NSString).deletingLastPathComponent
    folder = Self.withoutLinks(parent.isEmpty ? "." : parent) ?? parent
  }

  /// Replaces the reference in a tensor by the bytes it refers to.
  mutating func resolve(_ tensor: inout Onnx_TensorProto) throws(ModelProblem) {
    guard tensor.isExternal else { return }
    let subject = "the tensor \(tensor.name.shortened)"
    let reference = try reference(of: tensor, subject)
    let path = try path(reference.location, subject)
    let about = "\(subject) is in the file \(reference.location.shortened), which"
    let data: Data
    do throws(FileProblem) {
      let file = try FileBytes(path: path)
      let (end, overflow) = reference.offset.addingReportingOverflow(reference.length)
      guard !overflow, end <= file.size else {
        throw FileProblem(
          text: "has \(file.size) bytes, but the tensor is at \(reference.offset) and has "
            + "\(reference.length)")
      }
      if files.insert(path).inserted { size += file.size }
      // Several tensors may share bytes, but not so that a small file becomes much memory.
      taken += reference.length
      guard taken / 4 <= size else {
        throw FileProblem(text: "is much smaller than the tensors that are said to be in it")
      }
      data = try file.bytes(from: reference.offset, count: reference.length)
    } catch {
      throw ModelProblem("\(about) \(error.text)")
    }
    tensor.rawData = data
    tensor.externalData = []
    tensor.clearDataLocation()
  }

  private struct Reference {
    var location: String
    var offset: Int
    var length: Int
  }

  private func reference(
    of tensor: Onnx_TensorProto, _ subject: String
  ) throws(ModelProblem) -> Reference {
    let entries = Dictionary(
      tensor.externalData.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    guard let location = entries["location"], !location.isEmpty else {
      throw ModelProblem("\(subject) is in another file, but the model does not say in which")
    }
    func number(_ key: String) throws(ModelProblem) -> Int? {
      guard let text = entries[key] else { return nil }
      guard let number = Int(text), number >= 0 else {
        throw ModelProblem("\(subject) is in another file at the \(key) \(text.shortened)")
      }
      return number
    }
    let type = ElementType(code: Int(tensor.dataType))
    let expected = elementCount(tensor.dims.map { Int($0) }).flatMap { count -> Int? in
      guard let type else { return nil }
      let (bytes, overflow) = count.multipliedReportingOverflow(by: type.width)
      return overflow ? nil : bytes
    }
    guard let length = try number("length") ?? expected else {
      throw ModelProblem("\(subject) is in another file, but its length is not known")
    }
    if let expected, length != expected {
      throw ModelProblem(
        "\(subject) has the dimensions \(tensor.dims.prefix(64)), which makes \(expected) bytes, "
          + "but \(length) bytes are said to be in the file \(location.shortened)")
    }
    return Reference(location: location, offset: try number("offset") ?? 0, length: length)
  }

  /// The file of a location, which must be inside the model's folder.
  private func path(_ location: String, _ subject: String) throws(ModelProblem) -> String {
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    let isInside = !location.hasPrefix("/") && !parts.contains("..") && !location.contains("\0")
    let path = "\(folder)/\(location)"
    // A link that leads out of the folder is found here; a missing file is named later.
    if isInside, let real = Self.withoutLinks(path) {
      if real.hasPrefix(folder == "/" ? "/" : folder + "/") { return real }
    } else if isInside {
      return path
    }
    throw ModelProblem(
      "\(subject) is in the file \(location.shortened), which is not in the model's folder")
  }

  private static func withoutLinks(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
