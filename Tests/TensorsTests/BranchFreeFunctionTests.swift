import Foundation
import Tensors
import Testing

/// Functions without branches against the C library's.
@Suite("Functions without branches") struct BranchFreeFunctionTests {
  private static let points: [Double] = (-4000...4000).map { (i: Int) in Double(i) / 37 }

  private func error(_ found: Double, _ exact: Double) -> Double { abs(found - exact) }

  @Test func exponentials() {
    for x in Self.points {
      let exact = exp(x)
      // Two units in the last place.
      let limit = 4.5e-16 * exact
      #expect(error(Double.branchFreeExponential(x), exact) <= limit, "\(x)")
      let rounded = Float(x)
      let single = exp(Double(rounded))
      let isNormal =
        single < Double(Float.greatestFiniteMagnitude)
        && single > Double(Float.leastNormalMagnitude)
      if isNormal {
        let limit = 2.4e-7 * single
        let found = Double(Float.branchFreeExponential(rounded))
        #expect(error(found, single) <= limit, "\(x)")
      }
    }
  }

  @Test func ends() {
    func check<Number: Scalar>(_: Number.Type) {
      let (zero, one): (Number, Number) = (0, 1)
      let infinity = Number.infinity
      #expect(Number.branchFreeExponential(infinity) == infinity)
      #expect(Number.branchFreeExponential(-infinity) == zero)
      #expect(Number.branchFreeExponential(Number.nan).isNaN)
      #expect(Number.branchFreeExponential(1e9) == infinity)
      #expect(Number.branchFreeExponential(-1e9) == zero)
      #expect(Number.branchFreeExponential(zero) == one)
      #expect(Number.branchFreeSigmoid(-infinity) == zero)
      #expect(Number.branchFreeSigmoid(infinity) == one)
      #expect(Number.branchFreeTanh(-infinity) == -one)
      #expect(Number.branchFreeTanh(infinity) == one)
      #expect(Number.branchFreeNormal(-1e3).distribution == zero)
      #expect(Number.branchFreeNormal(1e3).distribution == one)
      #expect(Number.branchFreeNormal(Number.nan).distribution.isNaN)
      #expect(Number.branchFreeErrorFunction(1e3) == one)
      #expect(Number.branchFreeErrorFunction(Number.nan).isNaN)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func subnormalNumbersComeOutAsSuch() {
    let single = Double(Float.branchFreeExponential(-100))
    #expect(error(single, exp(-100.0)) <= Double(Float.leastNonzeroMagnitude))
    let double = Double.branchFreeExponential(-740)
    #expect(error(double, exp(-740.0)) <= 2 * Double.leastNonzeroMagnitude)
  }

  @Test func errorFunctionAndNormalDistribution() {
    let root = 2.0.squareRoot()
    for point in Self.points {
      let rounded = Float(point / 12)
      let x = Double(rounded)
      #expect(error(Double(Float.branchFreeErrorFunction(rounded)), erf(x)) <= 3e-7)
      let distribution = erfc(-x / root) / 2
      let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      let found = Float.branchFreeNormal(rounded)
      // The exponential's argument is rounded: half a unit of up to 40.
      let wide = max(1, x * x / 4)
      #expect(error(Double(found.distribution), distribution) <= 5e-7 * wide * distribution)
      #expect(error(Double(found.density), density) <= 3e-7 * wide * density)
      let exact = Double.branchFreeNormal(x)
      #expect(error(exact.distribution, distribution) <= 1e-15)
      #expect(error(exact.density, density) <= 1e-15)
    }
  }
}
