import Glibc
import Testing

@testable import Hypergradients

/// Sums in a fixed order and in double precision.
struct ColumnProductTests {
  @Test(arguments: [0, 1, 7, 8, 9, 1000, 4099])
  func theProductIsTheSum(count: Int) {
    let a = (0..<count).map { Float(sin(Double($0))) }
    let b = (0..<count).map { Float(cos(Double($0) * 0.3)) }
    let expected = zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    // Products of floats are exact in double; what differs is the order of a few thousand sums.
    #expect(abs(orderedProduct(a, b, count: count) - expected) <= 1e-12)
  }

  @Test func singlePrecisionIsSummedInDouble() {
    let a: [Float] = [1e8] + Array(repeating: 1, count: 100) + [-1e8]
    let b = [Float](repeating: 1, count: 102)
    #expect(orderedProduct(a, b, count: 102) == 100)
  }
}
