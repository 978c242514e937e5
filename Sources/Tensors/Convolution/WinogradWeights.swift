/// Transforms 3×3 weights to and from the domain of ``WinogradTransforms``, as 36 matrices `[input
/// channels, output channels]`.
struct WinogradWeights {
  private typealias Transforms = WinogradTransforms
  private typealias Vector = WinogradTransforms.Vector

  let inputChannels, outputChannels: Int

  /// G g Gᵀ of all kernels, rotated by 180° if `turned`, as the input gradient needs them.
  func read(
    _ weights: UnsafePointer<Float>, into matrices: WinogradTiles.Matrices, turned: Bool
  ) {
    forEachVector { first, input, output in
      let g = UnsafeRawPointer(weights).assumingMemoryBound(to: Vector.self) + first
      // Taps are 16 vectors apart, one per input channel of the block.
      func column(_ x: Int) -> Transforms.Three {
        turned
          ? (g[(8 - x) * 16], g[(5 - x) * 16], g[(2 - x) * 16])
          : (g[x * 16], g[(3 + x) * 16], g[(6 + x) * 16])
      }
      let a = Transforms.kernel(column(0))
      let b = Transforms.kernel(column(1))
      let c = Transforms.kernel(column(2))
      let target = matrices.from(row: 0, column: output)
      store(a.0, b.0, c.0, target, 0, input)
      store(a.1, b.1, c.1, target, 6, input)
      store(a.2, b.2, c.2, target, 12, input)
      store(a.3, b.3, c.3, target, 18, input)
      store(a.4, b.4, c.4, target, 24, input)
      store(a.5, b.5, c.5, target, 30, input)
    }
  }

  /// weights ← (or ← weights + if `accumulate`) Gᵀ m G.
  func writeGradient(
    _ matrices: WinogradTiles.Matrices, to weights: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    forEachVector { first, input, output in
      let g = UnsafeMutableRawPointer(weights).assumingMemoryBound(to: Vector.self) + first
      let source = matrices.from(row: 0, column: output)
      // Columns first: three rows of six.
      let c0 = Transforms.kernelAdjoint(column(source, 0, input))
      let c1 = Transforms.kernelAdjoint(column(source, 1, input))
      let c2 = Transforms.kernelAdjoint(column(source, 2, input))
      let c3 = Transforms.kernelAdjoint(column(source, 3, input))
      let c4 = Transforms.kernelAdjoint(column(source, 4, input))
      let c5 = Transforms.kernelAdjoint(column(source, 5, input))
      deliver(
        Transforms.kernelAdjoint((c0.0, c1.0, c2.0, c3.0, c4.0, c5.0)), to: g,
        accumulate: accumulate)
      deliver(
        Transforms.kernelAdjoint((c0.1, c1.1, c2.1, c3.1, c4.1, c5.1)), to: g + 48,
        accumulate: accumulate)
      deliver(
        Transforms.kernelAdjoint((c0.2, c1.2, c2.2, c3.2, c4.2, c5.2)), to: g + 96,
        accumulate: accumulate)
    }
  }

  /// Visits every input channel with every block of output channels: the index of its first tap in
  /// the blocked weights, in vectors, and the two channels.
  @inline(__always)
  private func forEachVector(_ body: (_ first: Int, _ input: Int, _ output: Int) -> Void) {
    for output in stride(from: 0, to: outputChannels, by: 16) {
      for input in 0..<inputChannels {
        let block = output / 16 * (inputChannels / 16) + input / 16
        body(block * 9 * 16 + input % 16, input, output)
      }
    }
  }

  @inline(__always)
  private func store(
    _ a: Vector, _ b: Vector, _ c: Vector, _ matrices: WinogradTiles.Matrices, _ first: Int,
    _ row: Int
  ) {
    let t = Transforms.kernel((a, b, c))
    matrices.at(first, row).pointee = t.0
    matrices.at(first + 1, row).pointee = t.1
    matrices.at(first + 2, row).pointee = t.2
    matrices.at(first + 3, row).pointee = t.3
    matrices.at(first + 4, row).pointee = t.4
    matrices.at(first + 5, row).pointee = t.5
  }

  @inline(__always)
  private func column(
    _ matrices: WinogradTiles.Matrices, _ x: Int, _ row: Int
  ) -> Transforms.Six {
    (
      matrices.at(x, row).pointee, matrices.at(6 + x, row).pointee,
      matrices.at(12 + x, row).pointee, matrices.at(18 + x, row).pointee,
      matrices.at(24 + x, row).pointee, matrices.at(30 + x, row).pointee
    )
  }

  @inline(__always)
  private func deliver(
    _ t: Transforms.Three, to g: UnsafeMutablePointer<Vector>, accumulate: Bool
  ) {
    if accumulate {
      (g[0], g[16], g[32]) = (g[0] + t.0, g[16] + t.1, g[32] + t.2)
    } else {
      (g[0], g[16], g[32]) = (t.0, t.1, t.2)
    }
  }
}
