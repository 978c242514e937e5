import Tensors

/// y = x ∗ w + b over images; see `ConvolutionGeometry` for the layouts.
///
/// With ⋆ for the adjoints, ẏ = x ∗ ẇ + ḃ + ẋ ∗ w, and the pullback's tangent is
/// w̄̇ = x ⋆ ȳ̇ + ẋ ⋆ ȳ, x̄̇ = ȳ̇ ⋆ w + ȳ ⋆ ẇ. Where x is the network's input, its parts are skipped.
final class Convolution<Number: Scalar>: Operation {
  let input: Operand<Number>
  let weights: Operand<Number>
  let bias: Operand<Number>?
  let result: Variable<Number>
  private let geometry: ConvolutionGeometry
  private let kernels: any ConvolutionKernels<Number>
  private unowned let tape: Tape<Number>

  init(
    on tape: Tape<Number>, input: Variable<Number>, weights: Variable<Number>,
    bias: Variable<Number>?, geometry: ConvolutionGeometry
  ) {
    self.tape = tape
    self.input = Operand(input)
    self.weights = Operand(weights)
    self.bias = bias.map { Operand($0) }
    self.geometry = geometry
    kernels = Number.convolution(geometry, compute: tape.compute)
    result = tape.result(
      .image(
        batch: geometry.batch, channels: geometry.outputChannels, height: geometry.outputHeight,
        width: geometry.outputWidth),
      of: [self.input, self.weights] + (self.bias.map { [$0] } ?? []))
    tape.reserveScratch(count: max(geometry.inputCount, geometry.weightCount))
  }

  var operands: [Operand<Number>] { [input, weights] + (bias.map { [$0] } ?? []) }

  var needs: PrimalNeeds<Number> {
    let x = input.variable
    return PrimalNeeds(
      pullback: [x], tangent: [x], pullbackTangent: [x], tangentsInPullback: [x],
      cotangentInPullbackTangent: x.isActive)
  }

  var work: OperationWork {
    OperationWork(
      kind: .convolution, geometry: geometry, productOperations: geometry.operations,
      hasInputGradient: input.variable.isActive)
  }

  func value() {
    kernels.hold(.input, at: input.variable.value)
    kernels.hold(.weights, at: weights.variable.value)
    kernels.forward(
      input: input.variable.value, weights: weights.variable.value, bias: bias?.variable.value,
      output: result.value, accumulate: false)
  }

  func tangent() {
    kernels.forwardTangent(
      input: input.variable.value, weights: weights.variable.tangent, bias: bias?.variable.tangent,
      output: result.tangent, accumulate: false)
    if input.variable.isActive {
      kernels.forwardTangent(
        input: input.variable.tangent, weights: weights.variable.value, bias: nil,
        output: result.tangent, accumulate: true)
    }
  }

  func pullback() {
    // Else nobody reads it again, and its tangent may come to stand in its place.
    if input.variable.isActive { kernels.hold(.output, at: result.cotangent) }
    weightGradient(
      input.variable.value, result.cotangent, weights.variable.cotangent,
      bias?.variable.cotangent, accumulate: weights.accumulates)
    if input.variable.isActive {
      inputGradient(
        result.cotangent, weights.variable.value, input.variable.cotangent,
        accumulate: input.accumulates)
    }
  }

  func pullbackTangent() {
    weightGradient(
      input.variable.value, result.cotangentTangent, weights.variable.cotangentTangent,
      bias?.variable.cotangentTangent, accumulate: weights.accumulates)
    guard input.variable.isActive else { return }
    weightGradient(
      input.variable.tangent, result.cotangent, weights.variable.cotangentTangent, nil,
      accumulate: true)
    inputGradient(
      result.cotangentTangent, weights.variable.value, input.variable.cotangentTangent,
      accumulate: input.accumulates)
    inputGradient(
      result.cotangent, weights.variable.tangent, input.variable.cotangentTangent, accumulate: true)
  }

  private func weightGradient(
    _ x: UnsafePointer<Number>, _ gradient: UnsafePointer<Number>,
    _ w: UnsafeMutablePointer<Number>, _ b: UnsafeMutablePointer<Number>?, accumulate: Bool
  ) {
    precondition(bias?.accumulates != true, "a convolution's bias is used by it alone")
    let target = accumulate ? tape.scratch : w
    kernels.weightGradient(input: x, output: gradient, weights: target, bias: b)
    if accumulate { Elementwise.add(target, to: w, count: geometry.weightCount) }
  }

  private func inputGradient(
    _ gradient: UnsafePointer<Number>, _ w: UnsafePointer<Number>,
    _ x: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    let target = accumulate ? tape.scratch : x
    kernels.inputGradient(output: gradient, weights: w, input: target)
    if accumulate { Elementwise.add(target, to: x, count: geometry.inputCount) }
  }
}

extension Tape {
  /// The convolution of `[batch, channels, …]` images with `kernel`×`kernel` weights stored as
  /// `ConvolutionGeometry` says, plus a bias per output channel if given.
  public func convolution(
    _ input: Variable<Number>, weights: Variable<Number>, bias: Variable<Number>? = nil,
    outputChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0
  ) -> Variable<Number> {
    guard case .image(let batch, let channels, let height, let width) = input.shape else {
      preconditionFailure("a convolution takes images, not \(input.shape)")
    }
    let geometry = ConvolutionGeometry(
      batch: batch, inputChannels: channels, outputChannels: outputChannels, height: height,
      width: width, kernel: kernel, stride: stride, padding: padding)
    precondition(
      weights.count == geometry.weightCount && bias.map { $0.count == outputChannels } ?? true,
      "a convolution \(geometry) got weights \(weights.shape) and bias \(String(describing: bias?.shape))"
    )
    return record(
      Convolution(on: self, input: input, weights: weights, bias: bias, geometry: geometry))
  }
}
