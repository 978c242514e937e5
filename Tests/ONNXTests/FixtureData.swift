import Differentiation
import Foundation
import Testing

@testable import ONNX

/// The data of a case of the fixtures, and what PyTorch found on it.
struct FixtureData {
  struct Description: Decodable {
    var batch: Int
    var trainRecords: Int
    var validationRecords: Int
    var records: Int
    var loss: String
    var initialValidationLoss: Double
    var initialTestLoss: Double
    var trainingLoss: [Double]

    enum CodingKeys: String, CodingKey {
      case batch, records, loss
      case trainRecords = "train_records"
      case validationRecords = "validation_records"
      case initialValidationLoss = "initial_validation_loss"
      case initialTestLoss = "initial_test_loss"
      case trainingLoss = "training_loss"
    }
  }

  let description: Description
  let inputs: Safetensor
  let targets: Safetensor

  /// Of the case that a file belongs to.
  init(of file: String, part: String = "train") throws {
    let name = try #require(
      Fixtures.cases.filter { file.hasPrefix($0) }.max { $0.count < $1.count })
    let folder = try #require(Fixtures.folder)
    let json = try String(contentsOfFile: "\(folder)/\(name).json", encoding: .utf8)
      .replacingOccurrences(of: "-Infinity", with: "null")
    description = try JSONDecoder().decode(Description.self, from: Data(json.utf8))
    let tensors = try Safetensor.all(of: "\(folder)/\(name)-\(part).safetensors")
    inputs = try #require(tensors["inputs"])
    targets = try #require(tensors["targets"])
  }

  /// The loss of rows of outputs on some records.
  func loss(_ outputs: [Double], _ records: [Int]) -> Double {
    let row = targets.numbers.count / targets.shape[0]
    let wanted = records.flatMap { targets.numbers[$0 * row..<($0 + 1) * row] }
    if description.loss == "squared-error" {
      return zip(outputs, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        / Double(wanted.count)
    }
    let classes = outputs.count / wanted.count
    let losses = wanted.enumerated().map { place, target in
      let logits = outputs[place * classes..<(place + 1) * classes]
      let largest = logits.max() ?? 0
      let sum = logits.reduce(0) { $0 + exp($1 - largest) }
      return largest + log(sum) - logits[logits.startIndex + Int(target)]
    }
    return losses.reduce(0, +) / Double(losses.count)
  }
}

/// A tensor of a file in Hugging Face's format.
struct Safetensor {
  let shape: [Int]
  let isInteger: Bool
  let numbers: [Double]

  private struct Entry: Decodable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  static func all(of path: String) throws -> [String: Safetensor] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let length = Int(
      data.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.1) << (8 * $1.0) })
    let header = data.dropFirst(8).prefix(length)
    var plain = try #require(
      try JSONSerialization.jsonObject(with: header) as? [String: Any])
    plain["__metadata__"] = nil
    let entries = try JSONDecoder().decode(
      [String: Entry].self, from: try JSONSerialization.data(withJSONObject: plain))
    return entries.mapValues { entry in
      let bytes = Array(
        data.dropFirst(8 + length)[...].dropFirst(entry.data_offsets[0])
          .prefix(entry.data_offsets[1] - entry.data_offsets[0]))
      let isInteger = entry.dtype == "I64"
      let numbers = bytes.withUnsafeBytes { raw in
        isInteger
          ? (0..<raw.count / 8).map {
            Double(raw.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self))
          }
          : (0..<raw.count / 4).map {
            Double(raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self))
          }
      }
      return Safetensor(shape: entry.shape, isInteger: isInteger, numbers: numbers)
    }
  }
}
