import Foundation
import Testing

@testable import ONNX

/// The models that PyTorch exported, in `../shared/fixtures/onnx` beside the package.
enum Fixtures {
  /// Nil where they are missing.
  static let folder: String? = {
    var file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<4 { file.deleteLastPathComponent() }
    let path = file.path + "/shared/fixtures/onnx"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  static let cases = [
    "tabular-regression", "tabular-classification", "convnet", "transformer", "transformer-tied",
    "gru", "batchnorm",
  ]

  /// All 29.
  static let files =
    cases.flatMap { name in ["", "-unfolded", "-legacy", "-legacy-unfolded"].map { name + $0 } }
    + ["tabular-regression-bare"]

  static func path(_ name: String) -> String { "\(folder ?? "")/\(name).onnx" }

  /// What the case's JSON says of the initializers of a file.
  static func initializers(of file: String) throws -> [String: Initializer] {
    let name = try #require(cases.filter { file.hasPrefix($0) }.max { $0.count < $1.count })
    // Python writes infinite numbers, which are no JSON.
    let json = try String(contentsOfFile: "\(folder ?? "")/\(name).json", encoding: .utf8)
      .replacingOccurrences(of: "-Infinity", with: "null")
    let all = try JSONDecoder().decode(Description.self, from: Data(json.utf8)).initializers
    return try #require(all["\(file).onnx"])
  }

  private struct Description: Decodable {
    var initializers: [String: [String: Initializer]]
  }

  struct Initializer: Decodable {
    var shape: [Int]
    var trainable: Bool
    var layout: String
  }
}
