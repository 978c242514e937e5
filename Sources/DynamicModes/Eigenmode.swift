/// One real mode or one conjugate pair of modes, which are always kept or dropped together.
///
/// A pair is represented by its member with positive imaginary part, so any sum over eigenmodes is
/// real by construction.
package struct Eigenmode: Sendable {
  /// λ; for a pair, the one above the real axis.
  package let eigenvalue: Complex
  /// Whether this is a conjugate pair.
  package let isPair: Bool
  /// Re φ, in the coordinates of the decomposition's basis; ‖φ‖ = 1.
  package let real: [Double]
  /// Im φ; zero for a real mode.
  package let imaginary: [Double]
  /// b; for a pair, the conjugate mode has the conjugate amplitude.
  package internal(set) var amplitude = Complex(0)

  /// Normalises φ to ‖φ‖ = 1; nil if the norm of the direction is at most `floor`.
  init?(eigenvalue: Complex, isPair: Bool, real: [Double], imaginary: [Double], floor: Double) {
    let norm = Complex(euclideanNorm(real), euclideanNorm(imaginary)).modulus
    guard norm > floor else { return nil }
    self.eigenvalue = eigenvalue
    self.isPair = isPair
    self.real = real.map { $0 / norm }
    self.imaginary = imaginary.map { $0 / norm }
  }

  /// Adds w b φ (for a pair, its conjugate as well) to `sum`.
  func add(weight: Complex, to sum: inout [Double]) {
    let factor = weight * amplitude
    let multiplicity = isPair ? 2.0 : 1.0
    for index in sum.indices {
      sum[index] +=
        multiplicity * (factor.real * real[index] - factor.imaginary * imaginary[index])
    }
  }

  /// The columns by which the real unknowns (b, or Re b and Im b) enter Φ Λ^k b at one step.
  func columns(weight: Complex) -> [[Double]] {
    guard isPair else { return [real.map { weight.real * $0 }] }
    let parts = zip(real, imaginary).map { weight * Complex($0, $1) }
    return [parts.map { 2 * $0.real }, parts.map { -2 * $0.imaginary }]
  }
}
