import Differentiation
import Tensors
import Testing

/// Every operation against finite differences and the identities of exact derivatives, in double.
@Suite struct OperationTests {
  private static let scale = 0.3

  private func point(_ n: Int) -> [Double] { pseudorandom(n, seed: 11).map { Self.scale * $0 } }

  /// A fourth-order central difference with step 2e-6 leaves about 1e-10 of rounding on functions of
  /// size 1, and pooling and rectifiers have no kink that near.
  private func difference(_ f: (Double) -> [Double]) -> [Double] {
    let step = 2e-6
    let near = zip(f(step), f(-step)).map { $0 - $1 }
    let far = zip(f(2 * step), f(-2 * step)).map { $0 - $1 }
    return zip(near, far).map { (8 * $0 - $1) / (12 * step) }
  }

  @Test(arguments: OperationCase.allCases)
  func gradientIsTheDerivativeOfTheValue(_ operation: OperationCase) {
    let problem = operation.problem(Double.self)
    let x = point(problem.parameterCount)
    let direction = pseudorandom(problem.parameterCount, seed: 12)
    let expected = difference { [problem.value(at: axpy($0, direction, x))] }[0]
    let slope = dot(problem.gradient(at: x), direction)
    #expect(abs(slope - expected) <= 1e-8 * max(1, abs(expected)))
    #expect(abs(slope) >= 1e-6, "a direction that changes nothing checks nothing")
  }

  @Test(arguments: OperationCase.allCases)
  func tangentOfTheGradientIsItsDerivative(_ operation: OperationCase) {
    let problem = operation.problem(Double.self)
    let x = point(problem.parameterCount)
    let direction = pseudorandom(problem.parameterCount, seed: 13)
    let expected = difference { problem.gradient(at: axpy($0, direction, x)) }
    let tangent = problem.gradientTangent(at: x, along: direction).tangent
    #expect(norm(axpy(-1, expected, tangent)) <= 1e-8 * norm(expected))
    #expect(norm(expected) >= 1e-6)
  }

  /// ⟨J u, w⟩ = ⟨u, Jᵀ w⟩: the tangent pass and the pullback are each other's adjoint.
  @Test(arguments: OperationCase.allCases)
  func tangentAndPullbackAreAdjoint(_ operation: OperationCase) {
    let problem = operation.problem(Double.self)
    let x = point(problem.parameterCount)
    let direction = pseudorandom(problem.parameterCount, seed: 14)
    let result = problem.gradientTangent(at: x, along: direction)
    let pulled = dot(result.gradient, direction)
    #expect(abs(result.valueTangent - pulled) <= 1e-12 * norm(result.gradient) * norm(direction))
  }

  /// ⟨u, H w⟩ = ⟨w, H u⟩.
  @Test(arguments: OperationCase.allCases)
  func hessianProductIsSymmetric(_ operation: OperationCase) {
    let problem = operation.problem(Double.self)
    let x = point(problem.parameterCount)
    let u = pseudorandom(problem.parameterCount, seed: 15)
    let w = pseudorandom(problem.parameterCount, seed: 16)
    let hu = problem.gradientTangent(at: x, along: u).tangent
    let hw = problem.gradientTangent(at: x, along: w).tangent
    #expect(abs(dot(u, hw) - dot(w, hu)) <= 1e-12 * norm(u) * norm(hw))
  }

  /// Where an operation reads numbers that the tape keeps no longer, checked memory has NaN; and a
  /// tangent changes nothing for the next.
  @Test(arguments: OperationCase.allCases)
  func everythingReadIsKept(_ operation: OperationCase) {
    func check<Number: Scalar>(_: Number.Type) {
      let shared = operation.problem(Number.self)
      let checked = operation.problem(Number.self, memory: .checked)
      let x = point(shared.parameterCount)
      let direction = pseudorandom(shared.parameterCount, seed: 18)
      let other = pseudorandom(shared.parameterCount, seed: 19)
      let expected = shared.gradientTangent(at: x, along: direction)
      #expect(shared.gradientTangent(at: x, along: direction, after: other) == expected)
      #expect(checked.gradientTangent(at: x, along: direction, after: other) == expected)
      #expect(checked.value(at: x) == shared.value(at: x))
      #expect(checked.tape.arenaCount > shared.tape.arenaCount)
    }
    check(Float.self)
    check(Double.self)
  }

  /// oneDNN against im2col and dgemm; single precision leaves about 1e-6 of a gradient's size.
  @Test(arguments: OperationCase.allCases)
  func singlePrecisionAgreesWithDouble(_ operation: OperationCase) {
    let double = operation.problem(Double.self)
    let single = operation.problem(Float.self)
    let x = point(double.parameterCount)
    let direction = pseudorandom(double.parameterCount, seed: 17)
    let expected = double.gradientTangent(at: x, along: direction)
    let found = single.gradientTangent(at: x, along: direction)
    #expect(norm(axpy(-1, expected.gradient, found.gradient)) <= 2e-5 * norm(expected.gradient))
    #expect(norm(axpy(-1, expected.tangent, found.tangent)) <= 2e-5 * norm(expected.tangent))
  }
}
