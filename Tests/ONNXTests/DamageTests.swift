import Foundation
import Testing

@testable import ONNX

/// Damaged files are read without a trap, in time and memory bounded by their size.
@Suite(.enabled(if: Fixtures.folder != nil, "needs ../shared/fixtures/onnx"))
struct DamageTests {
  /// A generator whose seed a failing test can name (SplitMix64: Steele, Lea and Flood 2014).
  private struct Numbers {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return Int((z ^ (z >> 31)) % UInt64(bound))
    }
  }

  @Test(arguments: ["tabular-regression-bare", "gru-unfolded", "transformer-tied"], 0..<3)
  func neverTraps(file: String, kind: Int) throws {
    let original = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path(file)))
    let folder = ScratchFolder()
    if file.hasSuffix("bare") {
      let data = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path(file) + ".data"))
      _ = try folder.write(data, as: "\(file).onnx.data")
    }
    var outcomes = (read: 0, refused: 0)
    for seed in 0..<80 {
      var numbers = Numbers(state: UInt64(seed))
      var bytes = original
      switch kind {
      case 0:
        for _ in 0...numbers.next(below: 8) {
          bytes[numbers.next(below: bytes.count)] ^= UInt8(1 << numbers.next(below: 8))
        }
      case 1:
        // Half of the cuts in the first 4000 bytes, where the nodes are.
        let bound = seed % 2 == 0 ? bytes.count : min(4000, bytes.count)
        bytes = bytes.prefix(numbers.next(below: bound))
      default:
        // A length, a count or a key that is absurd; in the nodes, where most bytes are structure.
        let place = numbers.next(below: min(bytes.count, 20_000))
        let absurd: [UInt8] =
          [
            [0xff, 0xff, 0xff, 0xff, 0x07],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
            [0], [0x7f], [0x0b], [0x3a, 0x80, 0x80, 0x80, 0x80, 0x08], [0x0a, 0x00],
          ][
            numbers.next(below: 7)]
        let end = min(bytes.count, place + numbers.next(below: absurd.count + 1))
        bytes.replaceSubrange(place..<end, with: absurd)
      }
      let path = try folder.write(bytes, as: "damaged.onnx")
      do throws(ModelProblems) {
        let model = try ONNXModel(contentsOf: path)
        outcomes.read += 1
        #expect(!model.parameters.isEmpty, "seed \(seed)")
        let count = model.graph.initializers.values.reduce(0) { $0 + $1.count }
        #expect(count <= bytes.count + 10_000, "seed \(seed)")
      } catch {
        outcomes.refused += 1
        #expect(!error.problems.isEmpty && error.problems.count <= 51, "seed \(seed)")
        #expect(error.problems.allSatisfy { $0.description.utf8.count < 2000 }, "seed \(seed)")
      }
    }
    // Both happen, or the damage is not of the kind that was meant.
    #expect(outcomes.refused > 3, "\(outcomes)")
    #expect(kind != 0 || outcomes.read > 2, "\(outcomes)")
  }
}
