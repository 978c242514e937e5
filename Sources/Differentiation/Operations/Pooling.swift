import Tensors

/// The maximum over square windows.
///
/// Piecewise linear: the choice of pixels made by the value serves the tangent (gather) and both
/// pullbacks (scatter).
final class MaximumPool<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  private let geometry: PoolingGeometry
  private let choice: RetainedValues<Number>

  init(
    on tape: Tape<Number>, input: Variable<Number>, geometry: PoolingGeometry, shape: Shape
  ) {
    self.input = Operand(input)
    self.geometry = geometry
    choice = RetainedValues(count: geometry.outputCount)
    result = tape.result(shape, of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  var retained: [RetainedValues<Number>] { [choice] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() {
    MaximumPooling.forward(
      geometry, input: input.variable.value, output: result.value, choice: choice.pointer)
  }

  func tangent() {
    MaximumPooling.gather(
      geometry, input: input.variable.tangent, choice: choice.pointer, output: result.tangent)
  }

  func pullback() {
    MaximumPooling.scatter(
      geometry, output: result.cotangent, choice: choice.pointer, input: input.variable.cotangent,
      accumulate: input.accumulates)
  }

  func pullbackTangent() {
    MaximumPooling.scatter(
      geometry, output: result.cotangentTangent, choice: choice.pointer,
      input: input.variable.cotangentTangent, accumulate: input.accumulates)
  }
}

/// The mean over square windows, a linear map.
final class AveragePool<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  private let geometry: PoolingGeometry

  init(
    on tape: Tape<Number>, input: Variable<Number>, geometry: PoolingGeometry, shape: Shape
  ) {
    self.input = Operand(input)
    self.geometry = geometry
    result = tape.result(shape, of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() {
    AveragePooling.forward(geometry, input: input.variable.value, output: result.value)
  }

  func tangent() {
    AveragePooling.forward(geometry, input: input.variable.tangent, output: result.tangent)
  }

  func pullback() {
    AveragePooling.adjoint(
      geometry, output: result.cotangent, input: input.variable.cotangent,
      accumulate: input.accumulates)
  }

  func pullbackTangent() {
    AveragePooling.adjoint(
      geometry, output: result.cotangentTangent, input: input.variable.cotangentTangent,
      accumulate: input.accumulates)
  }
}

extension Tape {
  /// The maximum over `window`×`window` pixels, every `stride` pixels (default: `window`).
  public func maximumPool(
    _ input: Variable<Number>, window: Int, stride: Int? = nil
  ) -> Variable<Number> {
    let (geometry, shape) = pooling(of: input, window: window, stride: stride ?? window)
    return record(MaximumPool(on: self, input: input, geometry: geometry, shape: shape))
  }

  /// The mean over `window`×`window` pixels, every `stride` pixels (default: `window`).
  public func averagePool(
    _ input: Variable<Number>, window: Int, stride: Int? = nil
  ) -> Variable<Number> {
    let (geometry, shape) = pooling(of: input, window: window, stride: stride ?? window)
    return record(AveragePool(on: self, input: input, geometry: geometry, shape: shape))
  }

  private func pooling(
    of input: Variable<Number>, window: Int, stride: Int
  ) -> (PoolingGeometry, Shape) {
    guard case .image(let batch, let channels, let height, let width) = input.shape,
      channels % ConvolutionGeometry.block == 0
    else { preconditionFailure("pooling takes blocked images, not \(input.shape)") }
    let geometry = PoolingGeometry(
      batch: batch, channels: channels, height: height, width: width, window: window,
      stride: stride)
    let shape = Shape.image(
      batch: batch, channels: channels, height: geometry.outputHeight, width: geometry.outputWidth)
    return (geometry, shape)
  }
}
