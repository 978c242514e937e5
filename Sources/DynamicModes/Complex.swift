/// A minimal complex number, as needed for the modes of a real matrix.
package struct Complex: Equatable, Sendable {
  package var real: Double
  package var imaginary: Double

  package init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// z|, computed without intermediate overflow or underflow.
  package var modulus: Double {
    let (a, b) = (abs(real), abs(imaginary))
    let (large, small) = (max(a, b), min(a, b))
    guard large > 0, large.isFinite else { return large }
    let ratio = small / large
    return large * (1 + ratio * ratio).squareRoot()
  }

  /// z, or z / |z| if |z| exceeds 1.
  package var clampedToUnitDisc: Complex {
    let modulus = modulus
    return modulus > 1 ? Complex(real / modulus, imaginary / modulus) : self
  }

  package static func * (left: Complex, right: Complex) -> Complex {
    Complex(
      left.real * right.real - left.imaginary * right.imaginary,
      left.real * right.imaginary + left.imaginary * right.real)
  }

  /// zⁿ by repeated squaring: log₂ n products, and a real z stays exactly real.
  package func power(_ exponent: Int) -> Complex {
    precondition(exponent >= 0, "the exponent is \(exponent)")
    var result = Complex(1)
    var square = self
    var remaining = exponent
    while remaining > 0 {
      if remaining & 1 == 1 { result = result * square }
      remaining >>= 1
      if remaining > 0 { square = square * square }
    }
    return result
  }
}
