import Foundation
import Tensors
import Testing

@Suite("The hyperbolic tangent of buffers") struct HyperbolicTangentTests {
  private func tangents<Number: Scalar>(_ numbers: [Number]) -> [Number] {
    var result = numbers
    result.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      Number.hyperbolicTangent(start, into: start, count: buffer.count)
    }
    return result
  }

  /// Sizes from 1e-30 to 1e3, a count that is no multiple of a vector's.
  private var numbers: [Double] {
    var stream = RandomStream(seed: 5, purpose: .testing)
    return (0..<20_001).map { _ in stream.normal() * pow(10, 33 * stream.uniform() - 30) }
  }

  /// The library's tangent is off by half a unit or one, too.
  @Test func ofDoubles() {
    let numbers = numbers
    for (x, y) in zip(numbers, tangents(numbers)) {
      #expect(abs(y - tanh(x)) <= 5 * tanh(x).ulp, "\(x)")
    }
  }

  @Test func ofSingles() {
    let numbers = numbers.map { Float($0) }
    for (x, y) in zip(numbers, tangents(numbers)) {
      let expected = tanh(Double(x))
      #expect(abs(Double(y) - expected) <= 3 * Double(Float(expected).ulp), "\(x)")
    }
  }

  @Test func ofTheEnds() {
    func check<Number: Scalar>(_: Number.Type) {
      let found = tangents([0, -0.0, Number.infinity, -Number.infinity, 1e30, -30, Number.nan])
      #expect(found.dropLast() == [0, 0, 1, -1, 1, -1])
      #expect(found[1].sign == .minus && found[6].isNaN)
      let tiny = Number.leastNonzeroMagnitude
      #expect(tangents([tiny, -tiny]) == [tiny, -tiny])
    }
    check(Float.self)
    check(Double.self)
  }
}
