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
  /// The faster way, which knows no bias.
  private let sums: (any ConvolutionSums<Number>)?
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
    sums = bias == nil ? kernels.sums : nil
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
    var work = OperationWork(
      kind: .convolution, productOperations: geometry.operations,
      hasInputGradient: input.variable.isActive)
    work.geometry = geometry
    return work
  }

  func value() {
    kernels.hold(.input, at: input.variable.value)
    kernels.hold(.weights, at: weights.variable.value)
    kernels.forward(
      input: input.variable.value, weights: weights.variable.value, bias: bias?.variable.value,
      output: result.value, accumulate: false)
  }

  func tangent() {
    let (x, w, y) = (input.variable, weights.variable, result.tangent)
    if let sums, x.isActive {
      sums.forward([term(x.value, w.tangent), term(x.tangent, w.value)], into: y)
      return
    }
    kernels.forward(
      input: x.value, weights: w.tangent, bias: bias?.variable.tangent, output: y,
      accumulate: false)
    if x.isActive {
      kernels.forward(
        input: x.tangent, weights: w.value, bias: nil, output: y, accumulate: true)
    }
  }

  func pullback() {
    let (x, w, y) = (input.variable, weights.variable, result.cotangent)
    if let sums, x.isActive {
      sums.weightGradient([term(x.value, y)], into: w.cotangent, accumulate: weights.accumulates)
      sums.inputGradient([term(y, w.value)], into: x.cotangent, accumulate: input.accumulates)
      return
    }
    // Else nobody reads it again, and its tangent may come to stand in its place.
    if x.isActive { kernels.hold(.output, at: y) }
    weightGradient(
      x.value, y, w.cotangent, bias?.variable.cotangent, accumulate: weights.accumulates)
    if x.isActive {
      inputGradient(y, w.value, x.cotangent, accumulate: input.accumulates)
    }
  }

  func pullbackTangent() {
    let (x, w) = (input.variable, weights.variable)
    let (y, yTangent) = (result.cotangent, result.cotangentTangent)
    if let sums, x.isActive {
      sums.weightGradient(
        [term(x.value, yTangent), term(x.tangent, y)], into: w.cotangentTangent,
        accumulate: weights.accumulates)
      sums.inputGradient(
        [term(yTangent, w.value), term(y, w.tangent)], into: x.cotangentTangent,
        accumulate: input.accumulates)
      return
    }
    weightGradient(
      x.value, yTangent, w.cotangentTangent, bias?.variable.cotangentTangent,
      accumulate: weights.accumulates)
    guard x.isActive else { return }
    weightGradient(x.tangent, y, w.cotangentTangent, nil, accumulate: true)
    inputGradient(yTangent, w.value, x.cotangentTangent, accumulate: input.accumulates)
    inputGradient(y, w.tangent, x.cotangentTangent, accumulate: true)
  }

  private func term(
    _ x: UnsafePointer<Number>, _ w: UnsafePointer<Number>
  ) -> (UnsafePointer<Number>, UnsafePointer<Number>) { (x, w) }

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
