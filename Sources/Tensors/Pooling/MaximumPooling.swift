/// Maximum pooling: its value, and the two linear maps defined by the selected pixels.
///
/// The selection is stored as the index of the maximum in its window (row by row; the first in a
/// tie), as a `Number`, so that comparing it gives a mask of the elements' width. Loops run over
/// the 16 channels of a pixel, which form one vector.
public enum MaximumPooling {
  /// y ← the maximum over each window; `choice` ← its index.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func forward<Number: Scalar>(
    _ geometry: PoolingGeometry, input x: UnsafePointer<Number>,
    output y: UnsafeMutablePointer<Number>, choice: UnsafeMutablePointer<Number>
  ) {
    if let fast = PairedMaximumPooling(geometry, of: Number.self) {
      fast.forward(x, y, choice)
      return
    }
    geometry.forEachWindow { out, corner in
      for c in 0..<16 {
        y[out + c] = x[corner + c]
        choice[out + c] = 0
      }
      for tap in 1..<max(1, geometry.window * geometry.window) {
        let candidate = corner + geometry.distance(toTap: tap)
        for c in 0..<16 where x[candidate + c] > y[out + c] {
          y[out + c] = x[candidate + c]
          choice[out + c] = Number(tap)
        }
      }
    }
  }

  /// ẏ ← the selected pixels of ẋ.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func gather<Number: Scalar>(
    _ geometry: PoolingGeometry, input x: UnsafePointer<Number>, choice: UnsafePointer<Number>,
    output y: UnsafeMutablePointer<Number>
  ) {
    if let fast = PairedMaximumPooling(geometry, of: Number.self) {
      fast.gather(x, choice, y)
      return
    }
    geometry.forEachWindow { out, corner in
      for c in 0..<16 {
        y[out + c] = x[corner + geometry.distance(toTap: Int(choice[out + c])) + c]
      }
    }
  }

  /// x̄ ← (or ← x̄ + if `accumulate`) ȳ at the selected pixels, 0 elsewhere.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func scatter<Number: Scalar>(
    _ geometry: PoolingGeometry, output y: UnsafePointer<Number>, choice: UnsafePointer<Number>,
    input x: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    if !accumulate, let fast = PairedMaximumPooling(geometry, of: Number.self) {
      fast.scatter(y, choice, x)
      return
    }
    if !accumulate { Elementwise.fill(x, count: geometry.inputCount, with: 0) }
    geometry.forEachWindow { out, corner in
      for c in 0..<16 {
        x[corner + geometry.distance(toTap: Int(choice[out + c])) + c] += y[out + c]
      }
    }
  }
}
