/// Average pooling, a linear map: the tangent is the map itself.
public enum AveragePooling {
  /// y ← the mean over each window.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func forward<Number: Scalar>(
    _ geometry: PoolingGeometry, input x: UnsafePointer<Number>,
    output y: UnsafeMutablePointer<Number>
  ) {
    let taps = geometry.window * geometry.window
    let share = 1 / Number(taps)
    geometry.forEachWindow { out, corner in
      for c in 0..<16 { y[out + c] = share * x[corner + c] }
      for tap in 1..<max(1, taps) {
        let pixel = corner + geometry.distance(toTap: tap)
        for c in 0..<16 { y[out + c] += share * x[pixel + c] }
      }
    }
  }

  /// x̄ ← (or ← x̄ + if `accumulate`) the adjoint of the mean at ȳ.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func adjoint<Number: Scalar>(
    _ geometry: PoolingGeometry, output y: UnsafePointer<Number>,
    input x: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    if !accumulate { Elementwise.fill(x, count: geometry.inputCount, with: 0) }
    let taps = geometry.window * geometry.window
    let share = 1 / Number(taps)
    geometry.forEachWindow { out, corner in
      for tap in 0..<taps {
        let pixel = corner + geometry.distance(toTap: tap)
        for c in 0..<16 { x[pixel + c] += share * y[out + c] }
      }
    }
  }
}
