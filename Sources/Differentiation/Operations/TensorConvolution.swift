import Tensors

/// y = x ∗ w + b over row-major planes, in groups of channels; see `PlanarConvolution`.
///
/// The formulas are those of `Convolution`. Operands are read in full precision whatever the tape's
/// ``Tape/compute`` says.
final class TensorConvolution<Number: Scalar>: Operation {
  let input: Operand<Number>
  let weights: Operand<Number>
  let bias: Operand<Number>?
  let result: Variable<Number>
  private let kernels: PlanarConvolution
  private unowned let tape: Tape<Number>

  init(
    on tape: Tape<Number>, input: Variable<Number>, weights: Variable<Number>,
    bias: Variable<Number>?, kernels: PlanarConvolution, shape: [Int]
  ) {
    self.tape = tape
    self.input = Operand(input)
    self.weights = Operand(weights)
    self.bias = bias.map { Operand($0) }
    self.kernels = kernels
    result = tape.result(
      .tensor(shape), of: [self.input, self.weights] + (self.bias.map { [$0] } ?? []))
    tape.reserveScratch(count: kernels.scratchCount)
  }

  var operands: [Operand<Number>] { [input, weights] + (bias.map { [$0] } ?? []) }

  var needs: PrimalNeeds<Number> {
    let (x, w) = (input.variable, weights.variable)
    let factors = (w.isActive ? [x] : []) + (x.isActive ? [w] : [])
    return PrimalNeeds(
      pullback: factors, tangent: factors, pullbackTangent: factors,
      tangentsInPullback: x.isActive && w.isActive ? [x, w] : [],
      cotangentInPullbackTangent: x.isActive && w.isActive)
  }

  var work: OperationWork {
    OperationWork(
      kind: .convolution, productOperations: kernels.operations,
      hasInputGradient: input.variable.isActive && weights.variable.isActive)
  }

  func value() {
    forward(input.variable.value, weights.variable.value, into: result.value, accumulate: false)
    if let bias { add(bias.variable.value, to: result.value) }
  }

  func tangent() {
    let (x, w, y) = (input.variable, weights.variable, result.tangent)
    if w.isActive { forward(x.value, w.tangent, into: y, accumulate: false) }
    if x.isActive { forward(x.tangent, w.value, into: y, accumulate: w.isActive) }
    if !w.isActive, !x.isActive { Elementwise.fill(y, count: result.count, with: 0) }
    if let bias, bias.variable.isActive { add(bias.variable.tangent, to: y) }
  }

  func pullback() {
    let (x, w, y) = (input.variable, weights.variable, result.cotangent)
    if x.isActive { inputGradient(y, w.value, into: x.cotangent, input.accumulates) }
    if w.isActive { weightGradient(x.value, y, into: w.cotangent, weights.accumulates) }
    if let bias, bias.variable.isActive {
      sum(y, into: bias.variable.cotangent, accumulate: bias.accumulates)
    }
  }

  func pullbackTangent() {
    let (x, w) = (input.variable, weights.variable)
    let (y, yTangent) = (result.cotangent, result.cotangentTangent)
    if x.isActive {
      inputGradient(yTangent, w.value, into: x.cotangentTangent, input.accumulates)
      if w.isActive { inputGradient(y, w.tangent, into: x.cotangentTangent, true) }
    }
    if w.isActive {
      weightGradient(x.value, yTangent, into: w.cotangentTangent, weights.accumulates)
      if x.isActive { weightGradient(x.tangent, y, into: w.cotangentTangent, true) }
    }
    if let bias, bias.variable.isActive {
      sum(yTangent, into: bias.variable.cotangentTangent, accumulate: bias.accumulates)
    }
  }

  private func forward(
    _ x: UnsafePointer<Number>, _ w: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    accumulate: Bool
  ) { kernels.forward(x, w, into: y, scratch: tape.scratch, accumulate: accumulate) }

  private func inputGradient(
    _ y: UnsafePointer<Number>, _ w: UnsafePointer<Number>, into x: UnsafeMutablePointer<Number>,
    _ accumulate: Bool
  ) { kernels.inputGradient(y, w, into: x, scratch: tape.scratch, accumulate: accumulate) }

  private func weightGradient(
    _ x: UnsafePointer<Number>, _ y: UnsafePointer<Number>, into w: UnsafeMutablePointer<Number>,
    _ accumulate: Bool
  ) { kernels.weightGradient(x, y, into: w, scratch: tape.scratch, accumulate: accumulate) }

  private func add(_ b: UnsafePointer<Number>, to y: UnsafeMutablePointer<Number>) {
    PlaneLoops.add(
      b, to: y, batch: kernels.batch, channels: kernels.outputs, pixels: kernels.outputPixels)
  }

  private func sum(
    _ y: UnsafePointer<Number>, into b: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    if !accumulate { Elementwise.fill(b, count: kernels.outputs, with: 0) }
    PlaneLoops.sum(
      y, into: b, batch: kernels.batch, channels: kernels.outputs, pixels: kernels.outputPixels)
  }
}

private enum PlaneLoops {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func add<Number: Scalar>(
    _ b: UnsafePointer<Number>, to y: UnsafeMutablePointer<Number>, batch: Int, channels: Int,
    pixels: Int
  ) {
    for plane in 0..<batch * channels {
      let (y, value) = (y + plane * pixels, b[plane % channels])
      for i in 0..<pixels { y[i] += value }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func sum<Number: Scalar>(
    _ y: UnsafePointer<Number>, into b: UnsafeMutablePointer<Number>, batch: Int, channels: Int,
    pixels: Int
  ) {
    for plane in 0..<batch * channels {
      b[plane % channels] += Reductions.sum(y + plane * pixels, count: pixels)
    }
  }
}

extension Tape {
  /// The convolution of a row-major tensor `[batch, channels, height, width]` in groups of channels;
  /// depthwise with as many groups as channels.
  ///
  /// Images of many channels are faster as ``convolution(_:weights:bias:outputChannels:kernel:stride:padding:)``.
  ///
  /// - Parameters:
  ///   - input: the tensor.
  ///   - weights: `[outputs, channels / groups, kernel, kernel]`, as PyTorch's `Conv2d` has them; the
  ///     kernel need not be square.
  ///   - bias: `[outputs]`.
  ///   - groups: must divide the channels and the outputs.
  ///   - stride: pixels from one place of the kernel to the next.
  ///   - padding: zeros at each edge.
  ///   - dilation: pixels from one tap to the next.
  public func convolution2D(
    _ input: Variable<Number>, weights: Variable<Number>, bias: Variable<Number>? = nil,
    groups: Int = 1, stride: Int = 1, padding: Int = 0, dilation: Int = 1
  ) -> Variable<Number> {
    let (x, w) = (input.shape.dimensions, weights.shape.dimensions)
    guard case .tensor = input.shape, x.count == 4, w.count == 4,
      let vertical = ConvolutionAxis(
        length: x[2], kernel: w[2], stride: stride, padding: padding, dilation: dilation),
      let horizontal = ConvolutionAxis(
        length: x[3], kernel: w[3], stride: stride, padding: padding, dilation: dilation),
      let result = convolution(input, weights, bias, groups, vertical, horizontal)
    else { refuse(input, weights, bias, groups) }
    return result
  }

  /// The convolution of a row-major tensor with its own stride, padding and dilation in each direction.
  ///
  /// - Parameters:
  ///   - input: `[batch, channels, height, width]`.
  ///   - weights: `[outputs, channels / groups, kernel, kernel]`.
  ///   - bias: `[outputs]`.
  ///   - groups: must divide the channels and the outputs.
  ///   - vertical: from one row to the next; of the input's height and the kernel's.
  ///   - horizontal: along a row.
  public func convolution2D(
    _ input: Variable<Number>, weights: Variable<Number>, bias: Variable<Number>? = nil,
    groups: Int = 1, vertical: ConvolutionAxis, horizontal: ConvolutionAxis
  ) -> Variable<Number> {
    let (x, w) = (input.shape.dimensions, weights.shape.dimensions)
    guard case .tensor = input.shape, x.count == 4, w.count == 4,
      [vertical.length, horizontal.length] == Array(x[2...]),
      [vertical.kernel, horizontal.kernel] == Array(w[2...]),
      let result = convolution(input, weights, bias, groups, vertical, horizontal)
    else { refuse(input, weights, bias, groups) }
    return result
  }

  /// The convolution of sequences `[batch, channels, length]` in groups of channels.
  ///
  /// - Parameters:
  ///   - input: the sequences.
  ///   - weights: `[outputs, channels / groups, kernel]`, as PyTorch's `Conv1d` has them.
  ///   - bias: `[outputs]`.
  ///   - groups: must divide the channels and the outputs.
  ///   - stride: from one place of the kernel to the next.
  ///   - padding: zeros at each end.
  ///   - dilation: from one tap to the next.
  public func convolution1D(
    _ input: Variable<Number>, weights: Variable<Number>, bias: Variable<Number>? = nil,
    groups: Int = 1, stride: Int = 1, padding: Int = 0, dilation: Int = 1
  ) -> Variable<Number> {
    let (x, w) = (input.shape.dimensions, weights.shape.dimensions)
    guard case .tensor = input.shape, x.count == 3, w.count == 3,
      let vertical = ConvolutionAxis(length: 1, kernel: 1),
      let horizontal = ConvolutionAxis(
        length: x[2], kernel: w[2], stride: stride, padding: padding, dilation: dilation),
      let result = convolution(input, weights, bias, groups, vertical, horizontal)
    else { refuse(input, weights, bias, groups) }
    return result
  }

  private func convolution(
    _ input: Variable<Number>, _ weights: Variable<Number>, _ bias: Variable<Number>?,
    _ groups: Int, _ vertical: ConvolutionAxis, _ horizontal: ConvolutionAxis
  ) -> Variable<Number>? {
    let (x, outputs) = (input.shape.dimensions, weights.shape.dimensions[0])
    guard
      let kernels = PlanarConvolution(
        batch: x[0], channels: x[1], outputs: outputs, groups: groups, vertical: vertical,
        horizontal: horizontal),
      weights.shape.dimensions[1] == x[1] / groups, bias.map({ $0.count == outputs }) ?? true
    else { return nil }
    let pixels =
      x.count == 3
      ? [horizontal.outputLength] : [vertical.outputLength, horizontal.outputLength]
    return record(
      TensorConvolution(
        on: self, input: input, weights: weights, bias: bias, kernels: kernels,
        shape: [x[0], outputs] + pixels))
  }

  private func refuse(
    _ input: Variable<Number>, _ weights: Variable<Number>, _ bias: Variable<Number>?,
    _ groups: Int
  ) -> Never {
    preconditionFailure(
      "a convolution of \(input.shape) in \(groups) groups got weights \(weights.shape) and bias "
        + String(describing: bias?.shape))
  }
}
