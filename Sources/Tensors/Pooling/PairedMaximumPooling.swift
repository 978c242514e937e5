/// Maximum pooling over 2×2 windows of `Float`, the case that trains, one vector a pixel.
///
/// The same results as the plain loops of ``MaximumPooling``, several times faster: comparisons
/// of concrete vector types become masks, which generic code and the loop vectorizer miss.
struct PairedMaximumPooling {
  private typealias Vector = SIMD16<Float>

  private let geometry: PoolingGeometry

  /// Nil where the plain loops have to do it.
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
    let width = geometry.width
    forEachWindow { out, corner in
      let (a, b) = (x[corner], x[corner + 1])
      let (c, d) = (x[corner + width], x[corner + width + 1])
      let right = b .> a
      let upper = a.replacing(with: b, where: right)
      let upperChoice = Vector(repeating: 0).replacing(with: 1, where: right)
      let rightBelow = d .> c
      let lower = c.replacing(with: d, where: rightBelow)
      let lowerChoice = Vector(repeating: 2).replacing(with: 3, where: rightBelow)
      let below = lower .> upper
      y[out] = upper.replacing(with: lower, where: below)
      chosen[out] = upperChoice.replacing(with: lowerChoice, where: below)
    }
  }

  func gather(
    _ input: UnsafeRawPointer, _ choice: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
  ) {
    let x = input.assumingMemoryBound(to: Vector.self)
    let y = output.assumingMemoryBound(to: Vector.self)
    let chosen = choice.assumingMemoryBound(to: Vector.self)
    let width = geometry.width
    forEachWindow { out, corner in
      let index = chosen[out]
      let upper = x[corner].replacing(with: x[corner + 1], where: index .== 1)
      let lower = x[corner + width].replacing(with: x[corner + width + 1], where: index .== 3)
      y[out] = upper.replacing(with: lower, where: index .> 1)
    }
  }

  func scatter(
    _ output: UnsafeRawPointer, _ choice: UnsafeRawPointer, _ input: UnsafeMutableRawPointer
  ) {
    let x = input.assumingMemoryBound(to: Vector.self)
    let y = output.assumingMemoryBound(to: Vector.self)
    let chosen = choice.assumingMemoryBound(to: Vector.self)
    let width = geometry.width
    let zero = Vector(repeating: 0)
    forEachWindow { out, corner in
      let index = chosen[out]
      let gradient = y[out]
      x[corner] = zero.replacing(with: gradient, where: index .== 0)
      x[corner + 1] = zero.replacing(with: gradient, where: index .== 1)
      x[corner + width] = zero.replacing(with: gradient, where: index .== 2)
      x[corner + width + 1] = zero.replacing(with: gradient, where: index .== 3)
    }
  }

  @inline(__always)
  private func forEachWindow(_ body: (_ output: Int, _ corner: Int) -> Void) {
    geometry.forEachWindow { output, corner in body(output >> 4, corner >> 4) }
  }
}
