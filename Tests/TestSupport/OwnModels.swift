import Foundation

/// Small models in ONNX files, and data for them; made by `scripts/reference/own_models.py`.
package enum OwnModels {
  /// The path of a file.
  package static func path(_ name: String) -> String {
    Bundle.module.bundleURL.appending(path: "Resources/\(name).onnx").path
  }

  /// Rows of 4 numbers with one of 3 classes each, as a safetensors file.
  package static func rows(count: Int, classes: Int = 3) -> [UInt8] {
    var generator = SplitMix(seed: 7)
    let numbers = (0..<count * 4).map { _ in Float.random(in: -1...1, using: &generator) }
    let targets = (0..<count).map { (row: Int) -> Int64 in
      let x = Array(numbers[4 * row..<4 * row + 4])
      let sum = x[0] + 0.5 * x[1] - x[2]
      return sum < -0.4 ? 0 : sum < 0.4 ? 1 : Int64(classes - 1)
    }
    return SmallArrays.safetensors([
      .init("inputs", "F32", [count, 4], numbers), .init("targets", "I64", [count], targets),
    ])
  }

  /// Rows of 4 numbers with a number to be told, as a safetensors file.
  package static func numbers(count: Int) -> [UInt8] {
    var generator = SplitMix(seed: 8)
    let numbers = (0..<count * 4).map { _ in Float.random(in: -1...1, using: &generator) }
    let targets = (0..<count).map { (row: Int) -> Float in
      let x = Array(numbers[4 * row..<4 * row + 4])
      return x[0] * x[1] - x[3]
    }
    return SmallArrays.safetensors([
      .init("inputs", "F32", [count, 4], numbers), .init("targets", "F32", [count], targets),
    ])
  }

  /// Sequences of 5 tokens and the ones that follow, as a safetensors file.
  package static func tokens(count: Int, kinds: Int = 7) -> [UInt8] {
    func token(_ place: Int) -> Int64 { Int64((place / 5 * 3 + place % 5 * 2) % kinds) }
    let tokens = (0..<5 * count).map(token)
    let next = tokens.map { ($0 + 2) % Int64(kinds) }
    return SmallArrays.safetensors([
      .init("inputs", "I64", [count, 5], tokens), .init("targets", "I64", [count, 5], next),
    ])
  }
}
