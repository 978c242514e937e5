import Tensors

extension ImageSet {
  /// Copies an image, moved and normalised: what moves in from outside is a byte of 0.
  ///
  ///     output[c, y, x] = table[c, image[c, y + down, x′ + right]],   x′ = x, or width − 1 − x
  @inline(__always)
  func copy<Number: Scalar>(
    _ image: UnsafePointer<UInt8>, _ placement: ImagePlacement, _ table: UnsafePointer<Number>,
    into output: UnsafeMutablePointer<Number>
  ) {
    for channel in 0..<channels {
      let table = table + 256 * channel
      for y in 0..<height {
        let row = output + (channel * height + y) * width
        let source = y + placement.down
        guard source >= 0, source < height else {
          for x in 0..<width { row[x] = table[0] }
          continue
        }
        let pixels = image + (channel * height + source) * width
        for x in 0..<width {
          let column = placement.source(column: x, width: width)
          row[x] = column >= 0 && column < width ? table[Int(pixels[column])] : table[0]
        }
      }
    }
  }
}
