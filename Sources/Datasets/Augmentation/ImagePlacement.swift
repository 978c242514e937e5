/// Which pixels of an image are seen where: a shift, then a mirror image.
struct ImagePlacement: Equatable, Sendable {
  /// Whether left and right are exchanged after the shift.
  let isMirrored: Bool
  /// Rows that the cut-out lies below the image's own place; negative: above it.
  let down: Int
  /// Columns that the cut-out lies right of the image's own place; negative: left of it.
  let right: Int

  /// The column of the image that is seen in a column of the result; perhaps outside.
  @inline(__always)
  func source(column: Int, width: Int) -> Int {
    (isMirrored ? width - 1 - column : column) + right
  }
}
