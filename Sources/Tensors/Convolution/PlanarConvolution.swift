/// One direction of a convolution over planes.
public struct ConvolutionAxis: Hashable, Sendable {
  /// Pixels of the input.
  public let length: Int
  /// Taps of the kernel.
  public let kernel: Int
  /// Pixels from one place of the kernel to the next.
  public let stride: Int
  /// Zeros before and behind the input.
  public let padding: Int
  /// Pixels from one tap to the next.
  public let dilation: Int

  /// A direction in which the kernel fits; nil where it does not.
  public init?(length: Int, kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1) {
    guard length > 0, kernel > 0, stride > 0, padding >= 0, dilation > 0,
      length + 2 * padding >= dilation * (kernel - 1) + 1
    else { return nil }
    self.length = length
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// Pixels of the output.
  public var outputLength: Int {
    (length + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
  }

  /// Output pixels under which a tap is inside the input.
  @inline(__always)
  func outputs(under tap: Int) -> Range<Int> {
    let shift = padding - tap * dilation
    let first = max(0, (shift + stride - 1) / stride)
    let last = min(outputLength - 1, (length - 1 + shift) < 0 ? -1 : (length - 1 + shift) / stride)
    return first <= last ? first..<last + 1 : 0..<0
  }
}

/// A convolution (a cross-correlation) of row-major planes `[batch, channels, height, width]` in groups
/// of channels, with weights `[outputs, channels / groups, kernel, kernel]`.
///
/// Groups of several channels are matrix products over unfolded patches; those of one channel
/// (depthwise) are sums over taps, row by row.
public struct PlanarConvolution: Hashable, Sendable {
  /// Images in one call.
  public let batch: Int
  /// Channels of the input.
  public let channels: Int
  /// Channels of the output.
  public let outputs: Int
  /// Equal groups of channels that know nothing of each other.
  public let groups: Int
  /// From one row to the next.
  public let vertical: ConvolutionAxis
  /// Along a row.
  public let horizontal: ConvolutionAxis

  /// Nil where the groups do not divide the channels.
  public init?(
    batch: Int, channels: Int, outputs: Int, groups: Int, vertical: ConvolutionAxis,
    horizontal: ConvolutionAxis
  ) {
    guard groups > 0, channels > 0, outputs > 0, channels % groups == 0, outputs % groups == 0
    else { return nil }
    self.batch = batch
    self.channels = channels
    self.outputs = outputs
    self.groups = groups
    self.vertical = vertical
    self.horizontal = horizontal
  }

  /// Pixels of an output plane.
  public var outputPixels: Int { vertical.outputLength * horizontal.outputLength }
  /// Pixels of an input plane.
  public var inputPixels: Int { vertical.length * horizontal.length }
  /// Numbers of the weights.
  public var weightCount: Int { outputs * taps }
  /// Floating-point operations, two a multiplication.
  public var operations: Int { 2 * batch * outputs * taps * outputPixels }
  /// Numbers that every pass needs for itself.
  public var scratchCount: Int { needsPatches ? taps * outputPixels : 0 }

  /// Taps of all channels of a group.
  private var taps: Int { channels / groups * vertical.kernel * horizontal.kernel }
  private var isDepthwise: Bool { channels == groups }
  private var needsPatches: Bool {
    let one = [vertical, horizontal].allSatisfy {
      $0.kernel == 1 && $0.stride == 1 && $0.padding == 0
    }
    return !isDepthwise && !one
  }

  /// y ← (or ← y +, when `accumulate`) x ∗ w.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public func forward<Number: Scalar>(
    _ x: UnsafePointer<Number>, _ w: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    scratch: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    if isDepthwise {
      if !accumulate { Elementwise.fill(y, count: batch * outputs * outputPixels, with: 0) }
      forEachPlane { input, output, weights in
        let (x, y, w) = (x + input, y + output, w + weights)
        forEachRow { tap, out, source, count, step in
          let (factor, x, y) = (w[tap], x + source, y + out)
          if step == 1 {
            for i in 0..<count { y[i] += factor * x[i] }
          } else {
            for i in 0..<count { y[i] += factor * x[i * step] }
          }
        }
      }
      return
    }
    forEachGroup { input, output, weights in
      Number.matrixProduct(
        MatrixOperand(w + weights, stride: taps),
        MatrixOperand(unfolded(x + input, into: scratch), stride: outputPixels), into: y + output,
        rows: outputs / groups, columns: outputPixels, inner: taps, accumulate: accumulate)
    }
  }

  /// x̄ ← (or ← x̄ +, when `accumulate`) the adjoint of x ↦ x ∗ w at ȳ.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public func inputGradient<Number: Scalar>(
    _ y: UnsafePointer<Number>, _ w: UnsafePointer<Number>, into x: UnsafeMutablePointer<Number>,
    scratch: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    if !accumulate { Elementwise.fill(x, count: batch * channels * inputPixels, with: 0) }
    if isDepthwise {
      forEachPlane { input, output, weights in
        let (x, y, w) = (x + input, y + output, w + weights)
        forEachRow { tap, out, source, count, step in
          let (factor, x, y) = (w[tap], x + source, y + out)
          if step == 1 {
            for i in 0..<count { x[i] += factor * y[i] }
          } else {
            for i in 0..<count { x[i * step] += factor * y[i] }
          }
        }
      }
      return
    }
    forEachGroup { input, output, weights in
      Number.matrixProduct(
        MatrixOperand(w + weights, stride: taps, transposed: true),
        MatrixOperand(y + output, stride: outputPixels),
        into: needsPatches ? scratch : x + input, rows: taps, columns: outputPixels,
        inner: outputs / groups, accumulate: !needsPatches)
      if needsPatches { fold(scratch, onto: x + input) }
    }
  }

  /// w̄ ← (or ← w̄ +, when `accumulate`) the adjoint of w ↦ x ∗ w at ȳ.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public func weightGradient<Number: Scalar>(
    _ x: UnsafePointer<Number>, _ y: UnsafePointer<Number>, into w: UnsafeMutablePointer<Number>,
    scratch: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    if !accumulate { Elementwise.fill(w, count: weightCount, with: 0) }
    if isDepthwise {
      forEachPlane { input, output, weights in
        let (x, y, w) = (x + input, y + output, w + weights)
        forEachRow { tap, out, source, count, step in
          let (x, y) = (x + source, y + out)
          if step == 1 {
            w[tap] += Reductions.dot(x, y, count: count)
          } else {
            for i in 0..<count { w[tap] += x[i * step] * y[i] }
          }
        }
      }
      return
    }
    forEachGroup { input, output, weights in
      Number.matrixProduct(
        MatrixOperand(y + output, stride: outputPixels),
        MatrixOperand(
          unfolded(x + input, into: scratch), stride: outputPixels, transposed: true),
        into: w + weights, rows: outputs / groups, columns: taps, inner: outputPixels,
        accumulate: true)
    }
  }

  /// Where the planes of a group start: in the input, the output and the weights.
  @inline(__always)
  private func forEachGroup(_ body: (_ input: Int, _ output: Int, _ weights: Int) -> Void) {
    for image in 0..<batch {
      for group in 0..<groups {
        body(
          (image * channels + group * (channels / groups)) * inputPixels,
          (image * outputs + group * (outputs / groups)) * outputPixels,
          group * (outputs / groups) * taps)
      }
    }
  }

  /// Where every output plane of a depthwise convolution starts, with its input plane and its weights.
  @inline(__always)
  private func forEachPlane(_ body: (_ input: Int, _ output: Int, _ weights: Int) -> Void) {
    for image in 0..<batch {
      for output in 0..<outputs {
        let channel = output / (outputs / groups)
        body(
          (image * channels + channel) * inputPixels, (image * outputs + output) * outputPixels,
          output * taps)
      }
    }
  }

  /// For every tap of a plane and every row of the output the pixels under which the tap is inside:
  /// where they start, where the input's start, how many, and the input's step.
  @inline(__always)
  private func forEachRow(
    _ body: (_ tap: Int, _ out: Int, _ source: Int, _ count: Int, _ step: Int) -> Void
  ) {
    for i in 0..<vertical.kernel {
      let rows = vertical.outputs(under: i)
      for j in 0..<horizontal.kernel {
        let columns = horizontal.outputs(under: j)
        for row in rows {
          let y = row * vertical.stride + i * vertical.dilation - vertical.padding
          let x =
            columns.lowerBound * horizontal.stride + j * horizontal.dilation - horizontal.padding
          body(
            i * horizontal.kernel + j, row * horizontal.outputLength + columns.lowerBound,
            y * horizontal.length + x, columns.count, horizontal.stride)
        }
      }
    }
  }

  /// The patches of a group, `[taps, output pixels]`: zeros where they hang over the edge.
  @inline(__always)
  private func unfolded<Number: Scalar>(
    _ x: UnsafePointer<Number>, into patches: UnsafeMutablePointer<Number>
  ) -> UnsafePointer<Number> {
    guard needsPatches else { return x }
    let planeTaps = vertical.kernel * horizontal.kernel
    if vertical.padding > 0 || horizontal.padding > 0 {
      Elementwise.fill(patches, count: taps * outputPixels, with: 0)
    }
    for channel in 0..<channels / groups {
      forEachRow { tap, out, source, count, step in
        let y = patches + (channel * planeTaps + tap) * outputPixels + out
        let x = x + channel * inputPixels + source
        for i in 0..<count { y[i] = x[i * step] }
      }
    }
    return UnsafePointer(patches)
  }

  /// Adds every patch back to where it came from: the adjoint of `unfolded`.
  @inline(__always)
  private func fold<Number: Scalar>(
    _ patches: UnsafePointer<Number>, onto x: UnsafeMutablePointer<Number>
  ) {
    let planeTaps = vertical.kernel * horizontal.kernel
    for channel in 0..<channels / groups {
      forEachRow { tap, out, source, count, step in
        let y = patches + (channel * planeTaps + tap) * outputPixels + out
        let x = x + channel * inputPixels + source
        for i in 0..<count { x[i * step] += y[i] }
      }
    }
  }
}
