/// Sums and products over ``StridedAxes``.
///
/// The innermost loops are vectors where the arrays go on by one or stand still; the order of every
/// sum is fixed.
public enum StridedLoops {
  /// y ← (or ← y +, when `accumulate`) factor · x; without `accumulate`, y must be met once only.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func add<Number: Scalar>(
    _ x: UnsafePointer<Number>, by factor: Number, to y: UnsafeMutablePointer<Number>,
    over loops: StridedAxes, accumulate: Bool
  ) {
    let axes = loops.axes
    func descend(_ level: Int, _ x: UnsafePointer<Number>, _ y: UnsafeMutablePointer<Number>) {
      let axis = axes[level]
      let (sy, sx) = (axis.strides[0], axis.strides[1])
      if level == axes.count - 1 {
        addRow(x, sx, by: factor, to: y, sy, count: axis.count, accumulate: accumulate)
      } else if level == axes.count - 2, axes[level + 1].strides[1] > 1 {
        addTransposed(
          x, by: factor, to: y, outer: axis, inner: axes[level + 1], accumulate: accumulate)
      } else {
        for i in 0..<axis.count { descend(level + 1, x + i * sx, y + i * sy) }
      }
    }
    descend(0, x, y)
  }

  @inline(__always)
  private static func addRow<Number: Scalar>(
    _ x: UnsafePointer<Number>, _ sx: Int, by factor: Number, to y: UnsafeMutablePointer<Number>,
    _ sy: Int, count: Int, accumulate: Bool
  ) {
    switch (sy, sx, accumulate) {
    case (1, 1, true): for i in 0..<count { y[i] += factor * x[i] }
    case (1, 1, false): for i in 0..<count { y[i] = factor * x[i] }
    case (0, 1, true): y[0] += factor * Reductions.sum(x, count: count)
    case (1, 0, true):
      let value = factor * x[0]
      for i in 0..<count { y[i] += value }
    case (1, 0, false):
      let value = factor * x[0]
      for i in 0..<count { y[i] = value }
    case (_, _, true): for i in 0..<count { y[i * sy] += factor * x[i * sx] }
    case (_, _, false): for i in 0..<count { y[i * sy] = factor * x[i * sx] }
    }
  }

  /// Two loops in tiles, where x does not go on by one in the inner one: its cache lines are used
  /// before they are gone.
  @inline(__always)
  private static func addTransposed<Number: Scalar>(
    _ x: UnsafePointer<Number>, by factor: Number, to y: UnsafeMutablePointer<Number>,
    outer: StridedAxis, inner: StridedAxis, accumulate: Bool
  ) {
    let tile = 16
    var start = 0
    while start < inner.count {
      let end = min(inner.count, start + tile)
      for i in 0..<outer.count {
        let (x, y) = (x + i * outer.strides[1], y + i * outer.strides[0])
        addRow(
          x + start * inner.strides[1], inner.strides[1], by: factor,
          to: y + start * inner.strides[0], inner.strides[0], count: end - start,
          accumulate: accumulate)
      }
      start = end
    }
  }

  /// z ← a + factor · b for arrays in the order z, a, b; z is met once only.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func sum<Number: Scalar>(
    _ a: UnsafePointer<Number>, _ b: UnsafePointer<Number>, by factor: Number,
    into z: UnsafeMutablePointer<Number>, over loops: StridedAxes
  ) {
    let axes = loops.axes
    func descend(
      _ level: Int, _ a: UnsafePointer<Number>, _ b: UnsafePointer<Number>,
      _ z: UnsafeMutablePointer<Number>
    ) {
      let (count, s) = (axes[level].count, axes[level].strides)
      if level < axes.count - 1 {
        for i in 0..<count { descend(level + 1, a + i * s[1], b + i * s[2], z + i * s[0]) }
        return
      }
      switch (s[0], s[1], s[2]) {
      case (1, 1, 1): for i in 0..<count { z[i] = a[i] + factor * b[i] }
      case (1, 1, 0):
        let value = factor * b[0]
        for i in 0..<count { z[i] = a[i] + value }
      case (1, 0, 1):
        let value = a[0]
        for i in 0..<count { z[i] = value + factor * b[i] }
      default: for i in 0..<count { z[i * s[0]] = a[i * s[1]] + factor * b[i * s[2]] }
      }
    }
    descend(0, a, b, z)
  }

  /// z ← (or ← z +, when `accumulate`) a b for arrays in the order z, a, b; without `accumulate`, z
  /// must be met once only.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func multiply<Number: Scalar>(
    _ a: UnsafePointer<Number>, _ b: UnsafePointer<Number>, into z: UnsafeMutablePointer<Number>,
    over loops: StridedAxes, accumulate: Bool
  ) {
    let axes = loops.axes
    func descend(
      _ level: Int, _ a: UnsafePointer<Number>, _ b: UnsafePointer<Number>,
      _ z: UnsafeMutablePointer<Number>
    ) {
      let (count, s) = (axes[level].count, axes[level].strides)
      if level < axes.count - 1 {
        for i in 0..<count { descend(level + 1, a + i * s[1], b + i * s[2], z + i * s[0]) }
        return
      }
      switch (s[0], s[1], s[2], accumulate) {
      case (1, 1, 1, true): for i in 0..<count { z[i] += a[i] * b[i] }
      case (1, 1, 1, false): for i in 0..<count { z[i] = a[i] * b[i] }
      case (1, 1, 0, true): scaleRow(a, by: b[0], into: z, count: count, accumulate: true)
      case (1, 1, 0, false): scaleRow(a, by: b[0], into: z, count: count, accumulate: false)
      case (1, 0, 1, true): scaleRow(b, by: a[0], into: z, count: count, accumulate: true)
      case (1, 0, 1, false): scaleRow(b, by: a[0], into: z, count: count, accumulate: false)
      case (0, 1, 1, true): z[0] += Reductions.dot(a, b, count: count)
      case (0, 1, 0, true): z[0] += Reductions.sum(a, count: count) * b[0]
      case (0, 0, 1, true): z[0] += Reductions.sum(b, count: count) * a[0]
      case (_, _, _, true): for i in 0..<count { z[i * s[0]] += a[i * s[1]] * b[i * s[2]] }
      case (_, _, _, false): for i in 0..<count { z[i * s[0]] = a[i * s[1]] * b[i * s[2]] }
      }
    }
    descend(0, a, b, z)
  }

  @inline(__always)
  private static func scaleRow<Number: Scalar>(
    _ x: UnsafePointer<Number>, by factor: Number, into y: UnsafeMutablePointer<Number>, count: Int,
    accumulate: Bool
  ) {
    if accumulate {
      for i in 0..<count { y[i] += factor * x[i] }
    } else {
      for i in 0..<count { y[i] = factor * x[i] }
    }
  }
}
