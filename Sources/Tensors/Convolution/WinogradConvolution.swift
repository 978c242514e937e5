/// Sums of products of a 3×3 convolution, as needed for tangents and gradients, with Winograd's
/// F(4×4, 3×3): a quarter of the multiplications, at the cost of a digit or two of accuracy.
///
/// A tangent is a sum of two products, ẏ = x ∗ ẇ + ẋ ∗ w. Their factors are placed side by side, so
/// the sum becomes 36 longer matrix products, and the inverse transform is done once. Images are
/// processed in groups that fit in the cache.
///
/// It must not be used for y itself: an error in y changes the signs that select the branches of
/// the following rectifiers, and with them whole derivatives (h of six steps of a WideResNet 10-1
/// is then off by a relative 3e-3, against 5e-7). An error in ẏ or in a gradient is not amplified.
final class WinogradConvolution: ConvolutionSums {
  typealias Number = Float

  private let geometry: ConvolutionGeometry
  private let tiles: WinogradTiles
  private let weights: WinogradWeights
  private let group: Int
  private let context = OneDNNContext.ofThisThread
  private var products: [ProductKey: OneDNNBatchedProduct] = [:]

  private struct ProductKey: Hashable {
    let pass, terms: Int
    let accumulate: Bool
  }

  /// Returns nil for unsupported convolutions.
  init?(_ geometry: ConvolutionGeometry) {
    let g = geometry
    guard g.kernel == 3, g.stride == 1, g.padding == 1, !g.inputIsPlanar, g.height % 4 == 0,
      g.width % 4 == 0
    else { return nil }
    self.geometry = geometry
    tiles = WinogradTiles(height: g.height, width: g.width)
    weights = WinogradWeights(
      inputChannels: g.inputChannels, outputChannels: g.outputChannels)
    let most = max(1, Self.tilesInCache / tiles.count)
    group = (1...min(most, g.batch)).last { g.batch % $0 == 0 } ?? 1
  }

  /// Tiles per group: more would spill out of the cache, fewer are too short for the matrix
  /// products.
  private static var tilesInCache: Int { 64 }

  /// oneDNN's name for the kernel of the matrix products.
  var implementation: String {
    let (rows, inner, columns) = (
      tiles.count * group + 1, geometry.inputChannels, geometry.outputChannels
    )
    return OneDNNBatchedProduct(
      count: 36, rows: rows, columns: columns, inner: inner,
      spacings: (rows * inner, inner * columns, rows * columns), accumulate: false
    ).implementation
  }

  func forward(_ terms: [Term], into y: UnsafeMutablePointer<Float>) {
    let g = geometry
    convolve(
      terms, from: g.inputChannels, to: g.outputChannels, turned: false, into: y, accumulate: false)
  }

  func inputGradient(
    _ terms: [Term], into x: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let g = geometry
    convolve(
      terms, from: g.outputChannels, to: g.inputChannels, turned: true, into: x,
      accumulate: accumulate)
  }

  func weightGradient(
    _ terms: [Term], into w: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let (inputs, outputs) = (geometry.inputChannels, geometry.outputChannels)
    let rows = group * tiles.count * terms.count
    let x = tileMatrices(.input, rows, inputs)
    let y = tileMatrices(.output, rows, outputs)
    let sum = matrices(.weights, inputs, outputs)
    for first in stride(from: 0, to: geometry.batch, by: group) {
      for (i, term) in terms.enumerated() {
        let place = i * group * tiles.count
        forEachBlock(first, inputs) { block, step, row, channel in
          tiles.readData(
            term.0 + block, step: step, into: x.from(row: place + row, column: channel))
        }
        forEachBlock(first, outputs) { block, step, row, channel in
          tiles.readResult(
            term.1 + block, step: step, into: y.from(row: place + row, column: channel))
        }
      }
      let product = self.product(ProductKey(pass: 2, terms: terms.count, accumulate: first > 0)) {
        OneDNNBatchedProduct(
          count: 36, rows: inputs, columns: outputs, inner: rows + 1, left: .columns,
          spacings: (x.spacing, y.spacing, sum.spacing), accumulate: first > 0)
      }
      product.execute(x.start, y.start, sum.start)
    }
    weights.writeGradient(sum, to: w, accumulate: accumulate)
  }

  /// result ← (or ← result +) Σ image ∗ w, where images have `inner` and results `outer` channels.
  private func convolve(
    _ terms: [Term], from inner: Int, to outer: Int, turned: Bool,
    into result: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let width = terms.count * inner
    let rows = group * tiles.count
    // Rotated weights are read column-major: [outer, terms · inner].
    let kernels = turned ? matrices(.weights, outer, width) : matrices(.weights, width, outer)
    let images = tileMatrices(.input, rows, width)
    let sums = tileMatrices(.output, rows, outer)
    for (i, term) in terms.enumerated() {
      let place =
        turned
        ? kernels.from(row: 0, column: i * inner) : kernels.from(row: i * inner, column: 0)
      weights.read(term.1, into: place, turned: turned)
    }
    let product = self.product(
      ProductKey(pass: turned ? 1 : 0, terms: terms.count, accumulate: false)
    ) {
      OneDNNBatchedProduct(
        count: 36, rows: rows + 1, columns: outer, inner: width, right: turned ? .columns : .rows,
        spacings: (images.spacing, kernels.spacing, sums.spacing), accumulate: false)
    }
    for first in stride(from: 0, to: geometry.batch, by: group) {
      for (i, term) in terms.enumerated() {
        forEachBlock(first, inner) { block, step, row, channel in
          tiles.readData(
            term.0 + block, step: step, into: images.from(row: row, column: i * inner + channel))
        }
      }
      product.execute(images.start, kernels.start, sums.start)
      forEachBlock(first, outer) { block, step, row, channel in
        tiles.writeResult(
          sums.from(row: row, column: channel), to: result + block, step: step,
          accumulate: accumulate)
      }
    }
  }

  /// Visits every block of 16 channels of the images of a group: its start, the vectors from one
  /// pixel to the next, the row of its first tile and its first channel.
  private func forEachBlock(
    _ first: Int, _ channels: Int,
    _ body: (_ start: Int, _ step: Int, _ row: Int, _ channel: Int) -> Void
  ) {
    let pixels = geometry.height * geometry.width
    let blocks = ImageBlocks(channels: channels, pixels: pixels)
    for image in 0..<group {
      let start = (first + image) * channels * pixels
      for block in 0..<blocks.count {
        body(
          start + block * blocks.blockStride, blocks.vectorStride, image * tiles.count,
          block * ImageBlocks.width)
      }
    }
  }

  /// Memory for 36 matrices, shared by all convolutions.
  private func matrices(
    _ operand: ConvolutionOperand, _ rows: Int, _ columns: Int
  ) -> WinogradTiles.Matrices {
    let spacing = rows * columns
    let memory = context.memory(
      for: operand, bytes: 36 * spacing * MemoryLayout<Float>.stride)
    return WinogradTiles.Matrices(
      start: memory.assumingMemoryBound(to: Float.self), row: columns, spacing: spacing)
  }

  /// Memory for 36 matrices of tiles, each followed by an extra row of zeros: without it they would
  /// be a power of two apart, and the elements of a tile would all map to the same cache set.
  private func tileMatrices(
    _ operand: ConvolutionOperand, _ rows: Int, _ columns: Int
  ) -> WinogradTiles.Matrices {
    let result = matrices(operand, rows + 1, columns)
    for place in 0..<36 {
      Elementwise.fill(
        result.start + place * result.spacing + rows * columns, count: columns, with: 0)
    }
    return result
  }

  private func product(
    _ key: ProductKey, _ make: () -> OneDNNBatchedProduct
  ) -> OneDNNBatchedProduct {
    if let known = products[key] { return known }
    let made = make()
    products[key] = made
    return made
  }
}
