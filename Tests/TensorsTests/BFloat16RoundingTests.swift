import Tensors
import Testing

@Suite("Rounding to bfloat16") struct BFloat16RoundingTests {
  private func rounded<Number: Scalar>(_ numbers: [Number]) -> [Number] {
    var result = numbers
    result.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      Number.roundToBFloat16(start, into: start, count: buffer.count)
    }
    return result
  }

  /// Neighbours of 1 are 1 + 2⁻⁷ and, below, 1 − 2⁻⁸.
  @Test func ofSingles() {
    let numbers: [Float] = [
      1, 1 + 0x1p-8, 1 + 0x1.01p-8, 1 + 0x3p-8, 1 - 0x1p-9, -0.1, 0, -0.0, 3e38, .infinity,
    ]
    let expected: [Float] = [
      1, 1, 1 + 0x1p-7, 1 + 0x1p-6, 1, -0.10009765625, 0, -0.0, 226 * 0x1p120, .infinity,
    ]
    #expect(rounded(numbers).map(\.bitPattern) == expected.map(\.bitPattern))
    #expect(rounded([Float.greatestFiniteMagnitude]) == [.infinity])
  }

  @Test func ofNaN() {
    let singles: [Float] = [.nan, Float(bitPattern: 0x7fff_ffff)]
    let doubles: [Double] = [.nan, Double(bitPattern: 0x7fff_ffff_ffff_ffff)]
    #expect(rounded(singles).allSatisfy { $0.isNaN })
    #expect(rounded(doubles).allSatisfy { $0.isNaN })
  }

  @Test func ofDoublesIsThatOfSingles() {
    var stream = RandomStream(seed: 5, purpose: .testing)
    let numbers = (0..<4000).map { _ in Float(stream.normal()) }
    #expect(rounded(numbers.map(Double.init)) == rounded(numbers).map(Double.init))
    let ties: [Double] = [1 + 0x1p-8, 1 + 0x3p-8, 1 + 0x1p-8 + 0x1p-52]
    #expect(rounded(ties) == [1, 1 + 0x1p-6, 1 + 0x1p-7] as [Double])
  }

  /// Half a unit of the last of 8 digits at most, and the results stay where they are.
  @Test func isNear() {
    var stream = RandomStream(seed: 6, purpose: .testing)
    let numbers = (0..<4000).map { _ in Float(stream.normal()) }
    let near = rounded(numbers)
    #expect(zip(numbers, near).allSatisfy { abs($0 - $1) <= 0x1p-8 * abs($0) })
    #expect(zip(numbers, near).contains { $0 != $1 })
    #expect(rounded(near) == near)
  }
}
