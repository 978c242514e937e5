/// Loops over whole buffers, kept simple so that the compiler vectorises them at any width.
public enum Elementwise {
  /// y ← value.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func fill<Number: Scalar>(
    _ y: UnsafeMutablePointer<Number>, count: Int, with value: Number
  ) {
    for i in 0..<count { y[i] = value }
  }

  /// y ← y + x.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func add<Number: Scalar>(
    _ x: UnsafePointer<Number>, to y: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count { y[i] += x[i] }
  }

  /// y ← y + factor · x.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func addScaled<Number: Scalar>(
    _ x: UnsafePointer<Number>, by factor: Number, to y: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count { y[i] += factor * x[i] }
  }

  /// y ← factor · y.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func scale<Number: Scalar>(
    _ y: UnsafeMutablePointer<Number>, by factor: Number, count: Int
  ) {
    for i in 0..<count { y[i] = factor * y[i] }
  }

  /// z ← x + y.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func sum<Number: Scalar>(
    _ x: UnsafePointer<Number>, _ y: UnsafePointer<Number>, into z: UnsafeMutablePointer<Number>,
    count: Int
  ) {
    for i in 0..<count { z[i] = x[i] + y[i] }
  }

  /// y ← x, or y ← y + x if `accumulate`.
  @inline(__always)
  public static func deliver<Number: Scalar>(
    _ x: UnsafePointer<Number>, to y: UnsafeMutablePointer<Number>, count: Int, accumulate: Bool
  ) {
    if accumulate {
      add(x, to: y, count: count)
    } else {
      y.update(from: x, count: count)
    }
  }

  /// y ← x where x > 0, slope · x elsewhere.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func leakyRectify<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>, slope: Number, count: Int
  ) {
    for i in 0..<count {
      let value = x[i]
      y[i] = value > 0 ? value : slope * value
    }
  }

  /// y ← (or ← y + if `accumulate`) u where `sign` > 0, slope · u elsewhere: the derivative of the
  /// leaky rectifier, whose value has the same sign as its argument.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func leakyRectifyDerivative<Number: Scalar>(
    at sign: UnsafePointer<Number>, of u: UnsafePointer<Number>,
    into y: UnsafeMutablePointer<Number>, slope: Number, count: Int, accumulate: Bool
  ) {
    if accumulate {
      for i in 0..<count {
        let value = u[i]
        y[i] += sign[i] > 0 ? value : slope * value
      }
    } else {
      for i in 0..<count {
        let value = u[i]
        y[i] = sign[i] > 0 ? value : slope * value
      }
    }
  }
}
