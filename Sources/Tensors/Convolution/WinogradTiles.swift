/// Transforms images to and from the domain of ``WinogradTransforms``.
///
/// There, a tile of 4×4 pixels is 36 values per channel, and the values at one position of all
/// tiles form a matrix `[tiles, channels]`: 36 matrices, `spacing` elements apart.
struct WinogradTiles {
  typealias Vector = WinogradTransforms.Vector
  private typealias Transforms = WinogradTransforms

  /// Height and width of the images, multiples of 4.
  let height, width: Int
  /// Scratch memory for one tile between the transforms of the two dimensions.
  private let tile = Buffer<Float>(count: 36 * 16)

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// Tiles per image.
  var count: Int { height / 4 * (width / 4) }

  /// The 36 matrices of a tensor.
  struct Matrices {
    /// The first element of the first matrix.
    let start: UnsafeMutablePointer<Float>
    /// Elements from one row (a tile) to the next.
    let row: Int
    /// Elements from one matrix to the next.
    let spacing: Int

    /// The submatrices starting at a given row and column.
    func from(row i: Int, column j: Int) -> Matrices {
      Matrices(start: start + i * row + j, row: row, spacing: spacing)
    }

    @inline(__always)
    func at(_ place: Int, _ tile: Int) -> UnsafeMutablePointer<Vector> {
      UnsafeMutableRawPointer(start + place * spacing + tile * row)
        .assumingMemoryBound(to: Vector.self)
    }
  }

  /// Bᵀ d B of one block of channels of one image, zero-padded by one pixel, with pixels `step`
  /// vectors apart.
  func readData(_ image: UnsafePointer<Float>, step: Int, into matrices: Matrices) {
    let (pixels, rows, down) = (vectors(image), vectors(tile.pointer), width * step)
    var place = 0
    for top in stride(from: -1, to: height - 1, by: 4) {
      for left in stride(from: -1, to: width - 1, by: 4) {
        for x in 0..<6 {
          guard left + x >= 0, left + x < width else {
            for i in 0..<6 { rows[i * 6 + x] = .zero }
            continue
          }
          let column = pixels + (top * width + left + x) * step
          let above = top >= 0 ? column[0] : .zero
          let below = top + 5 < height ? column[5 * down] : .zero
          let t = Transforms.data(
            (above, column[down], column[2 * down], column[3 * down], column[4 * down], below))
          (rows[x], rows[6 + x], rows[12 + x]) = (t.0, t.1, t.2)
          (rows[18 + x], rows[24 + x], rows[30 + x]) = (t.3, t.4, t.5)
        }
        for i in 0..<6 {
          let r = rows + 6 * i
          store(Transforms.data((r[0], r[1], r[2], r[3], r[4], r[5])), matrices, 6 * i, place)
        }
        place += 1
      }
    }
  }

  /// A ȳ Aᵀ of one block of channels of one image.
  func readResult(_ image: UnsafePointer<Float>, step: Int, into matrices: Matrices) {
    let (pixels, rows, down) = (vectors(image), vectors(tile.pointer), width * step)
    var place = 0
    for top in stride(from: 0, to: height, by: 4) {
      for left in stride(from: 0, to: width, by: 4) {
        for x in 0..<4 {
          let column = pixels + (top * width + left + x) * step
          let t = Transforms.resultAdjoint(
            (column[0], column[down], column[2 * down], column[3 * down]))
          (rows[x], rows[4 + x], rows[8 + x]) = (t.0, t.1, t.2)
          (rows[12 + x], rows[16 + x], rows[20 + x]) = (t.3, t.4, t.5)
        }
        for i in 0..<6 {
          let r = rows + 4 * i
          store(Transforms.resultAdjoint((r[0], r[1], r[2], r[3])), matrices, 6 * i, place)
        }
        place += 1
      }
    }
  }

  /// image ← (or ← image + if `accumulate`) Aᵀ m A, one block of channels.
  func writeResult(
    _ matrices: Matrices, to image: UnsafeMutablePointer<Float>, step: Int, accumulate: Bool
  ) {
    let (pixels, rows) = (vectors(image), vectors(tile.pointer))
    var place = 0
    for top in stride(from: 0, to: height, by: 4) {
      for left in stride(from: 0, to: width, by: 4) {
        for x in 0..<6 {
          let t = Transforms.result(load(matrices, x, step: 6, place))
          (rows[x], rows[6 + x], rows[12 + x], rows[18 + x]) = (t.0, t.1, t.2, t.3)
        }
        for y in 0..<4 {
          let r = rows + 6 * y
          let t = Transforms.result((r[0], r[1], r[2], r[3], r[4], r[5]))
          let out = pixels + ((top + y) * width + left) * step
          if accumulate {
            (out[0], out[step]) = (out[0] + t.0, out[step] + t.1)
            (out[2 * step], out[3 * step]) = (out[2 * step] + t.2, out[3 * step] + t.3)
          } else {
            (out[0], out[step], out[2 * step], out[3 * step]) = (t.0, t.1, t.2, t.3)
          }
        }
        place += 1
      }
    }
  }

  @inline(__always)
  private func vectors(_ pointer: UnsafePointer<Float>) -> UnsafePointer<Vector> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: Vector.self)
  }

  @inline(__always)
  private func vectors(_ pointer: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Vector> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Vector.self)
  }

  @inline(__always)
  private func store(_ t: Transforms.Six, _ matrices: Matrices, _ first: Int, _ tile: Int) {
    matrices.at(first, tile).pointee = t.0
    matrices.at(first + 1, tile).pointee = t.1
    matrices.at(first + 2, tile).pointee = t.2
    matrices.at(first + 3, tile).pointee = t.3
    matrices.at(first + 4, tile).pointee = t.4
    matrices.at(first + 5, tile).pointee = t.5
  }

  @inline(__always)
  private func load(
    _ matrices: Matrices, _ first: Int, step: Int, _ tile: Int
  ) -> Transforms.Six {
    (
      matrices.at(first, tile).pointee, matrices.at(first + step, tile).pointee,
      matrices.at(first + 2 * step, tile).pointee, matrices.at(first + 3 * step, tile).pointee,
      matrices.at(first + 4 * step, tile).pointee, matrices.at(first + 5 * step, tile).pointee
    )
  }
}
