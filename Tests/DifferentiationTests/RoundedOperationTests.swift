import Differentiation
import Tensors
import Testing

/// Tapes whose products round their operands to bfloat16.
@Suite("Operations on rounded operands") struct RoundedOperationTests {
  private static let scale = 0.3

  private func point(_ n: Int, seed: UInt64 = 11) -> [Double] {
    pseudorandom(n, seed: seed).map { Self.scale * $0 }
  }

  /// Against plain loops in double that round in the same places.
  ///
  /// A cotangent that lies within 1e-7 of a boundary may be rounded to the other side, 4e-3 of its
  /// size away: few do.
  @Test(arguments: OperationCase.allCases)
  func kernelsAgreeWithPlainLoops(_ operation: OperationCase) {
    let double = operation.problem(Double.self, compute: .bfloat16)
    let single = operation.problem(Float.self, compute: .bfloat16)
    let x = point(double.parameterCount)
    let direction = pseudorandom(double.parameterCount, seed: 17)
    // Something must have been rounded and kept before, for it to be forgotten.
    _ = single.gradientTangent(at: point(double.parameterCount, seed: 18), along: x)
    let expected = double.gradientTangent(at: x, along: direction)
    let found = single.gradientTangent(at: x, along: direction)
    #expect(norm(axpy(-1, expected.gradient, found.gradient)) <= 1e-3 * norm(expected.gradient))
    #expect(norm(axpy(-1, expected.tangent, found.tangent)) <= 1e-3 * norm(expected.tangent))
  }

  /// 8 binary digits leave errors of some 4e-3 that point nowhere in particular.
  @Test(arguments: OperationCase.allCases)
  func gradientsKeepTheirDirection(_ operation: OperationCase) {
    let full = operation.problem(Float.self)
    let rounded = operation.problem(Float.self, compute: .bfloat16)
    let x = point(full.parameterCount)
    let direction = pseudorandom(full.parameterCount, seed: 17)
    let expected = full.gradientTangent(at: x, along: direction)
    let found = rounded.gradientTangent(at: x, along: direction)
    #expect(cosine(expected.gradient, found.gradient) >= 0.9999)
    #expect(cosine(expected.tangent, found.tangent) >= 0.999)
    #expect(expected.gradient != found.gradient, "nothing was rounded")
  }

  private func cosine(_ x: [Double], _ y: [Double]) -> Double { dot(x, y) / (norm(x) * norm(y)) }
}
