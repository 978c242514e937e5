/// Between images in blocks of 16 channels `[blocks, pixels, 16]` and planes `[blocks, 16, pixels]`.
public enum Blocks {
  /// y ← the planes of x.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func toPlanes<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>, blocks: Int, pixels: Int
  ) {
    for block in 0..<blocks {
      let from = x + block * pixels * 16
      let to = y + block * pixels * 16
      for channel in 0..<16 {
        for pixel in 0..<pixels { to[channel * pixels + pixel] = from[pixel * 16 + channel] }
      }
    }
  }

  /// y ← (or ← y +, when `accumulate`) the blocks of the planes x.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func fromPlanes<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>, blocks: Int, pixels: Int,
    accumulate: Bool
  ) {
    for block in 0..<blocks {
      let from = x + block * pixels * 16
      let to = y + block * pixels * 16
      for pixel in 0..<pixels {
        for channel in 0..<16 {
          let value = from[channel * pixels + pixel]
          to[pixel * 16 + channel] = accumulate ? to[pixel * 16 + channel] + value : value
        }
      }
    }
  }
}
