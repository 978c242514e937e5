/// Maximum pooling over 2×2 windows of `Float`, the case used in training, with one vector per
/// pixel.
///
/// The same results as the generic loops of ``MaximumPooling``, several times faster: comparisons
/// of concrete vector types become masks, which the compiler misses in generic code.
struct PairedMaximumPooling {
  private typealias Vector = SIMD16<Float>

  private let geometry: PoolingGeometry

  /// Returns nil if the generic loops must be used.
  init?<Number: Scalar>(_ geometry: PoolingGeometry, of number: Number.Type) {
    guard number == Float.self, geometry.window == 2, geometry.tiles else { return nil }
    self.geometry = geometry
  }

  func forward(
    _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ choice: UnsafeMutableRawPointer
  ) {
    let x = input.assumingMemoryBound(to: Vector.self)
    let y = output.assumingMemoryBound(to: Vector.self)
    let chosen = choice.assumingMemoryBound(to: Vector.self)
    let (right, below) = steps
    forEachWindow { out, corner in
      let (a, b) = (x[corner], x[corner + right])
      let (c, d) = (x[corner + below], x[corner + below + right])
      let second = b .> a
      let upper = a.replacing(with: b, where: second)
      let upperChoice = Vector(repeating: 0).replacing(with: 1, where: second)
      let fourth = d .> c
      let lower = c.replacing(with: d, where: fourth)
      let lowerChoice = Vector(repeating: 2).replacing(with: 3, where: fourth)
      let isLower = lower .> upper
      y[out] = upper.replacing(with: lower, where: isLower)
      chosen[out] = upperChoice.replacing(with: lowerChoice, where: isLower)
    }
  }

  func gather(
    _ input: UnsafeRawPointer, _ choice: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
  ) {
    let x = input.assumingMemoryBound(to: Vector.self)
    let y = output.assumingMemoryBound(to: Vector.self)
    let chosen = choice.assumingMemoryBound(to: Vector.self)
    let (right, below) = steps
    forEachWindow { out, corner in
      let index = chosen[out]
      let upper = x[corner].replacing(with: x[corner + right], where: index .== 1)
      let lower = x[corner + below].replacing(with: x[corner + below + right], where: index .== 3)
      y[out] = upper.replacing(with: lower, where: index .> 1)
    }
  }

  func scatter(
    _ output: UnsafeRawPointer, _ choice: UnsafeRawPointer, _ input: UnsafeMutableRawPointer
  ) {
    let x = input.assumingMemoryBound(to: Vector.self)
    let y = output.assumingMemoryBound(to: Vector.self)
    let chosen = choice.assumingMemoryBound(to: Vector.self)
    let (right, below) = steps
    let zero = Vector(repeating: 0)
    forEachWindow { out, corner in
      let index = chosen[out]
      let gradient = y[out]
      x[corner] = zero.replacing(with: gradient, where: index .== 0)
      x[corner + right] = zero.replacing(with: gradient, where: index .== 1)
      x[corner + below] = zero.replacing(with: gradient, where: index .== 2)
      x[corner + below + right] = zero.replacing(with: gradient, where: index .== 3)
    }
  }

  /// Vectors from a pixel to the one on its right and to the one below it.
  private var steps: (right: Int, below: Int) {
    let step = geometry.inputs.vectorStride
    return (step, geometry.width * step)
  }

  @inline(__always)
  private func forEachWindow(_ body: (_ output: Int, _ corner: Int) -> Void) {
    geometry.forEachWindow { output, corner in body(output >> 4, corner >> 4) }
  }
}
