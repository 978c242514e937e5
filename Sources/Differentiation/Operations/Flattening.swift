import Tensors

/// Images to rows `[batch, channels · height · width]`, channels first as PyTorch flattens: a
/// permutation of numbers, its own tangent, undone by the pullbacks.
final class Flattening<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  private let batch: Int
  private let channels: Int
  private let pixels: Int

  init(
    on tape: Tape<Number>, input: Variable<Number>, batch: Int, channels: Int, pixels: Int,
    shape: Shape
  ) {
    self.input = Operand(input)
    self.batch = batch
    self.channels = channels
    self.pixels = pixels
    result = tape.result(shape, of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() {
    Blocks.toPlanes(
      input.variable.value, into: result.value, batch: batch, channels: channels, pixels: pixels)
  }

  func tangent() {
    Blocks.toPlanes(
      input.variable.tangent, into: result.tangent, batch: batch, channels: channels,
      pixels: pixels)
  }

  func pullback() {
    Blocks.fromPlanes(
      result.cotangent, into: input.variable.cotangent, batch: batch, channels: channels,
      pixels: pixels, accumulate: input.accumulates)
  }

  func pullbackTangent() {
    Blocks.fromPlanes(
      result.cotangentTangent, into: input.variable.cotangentTangent, batch: batch,
      channels: channels, pixels: pixels, accumulate: input.accumulates)
  }
}

extension Tape {
  /// Each image as one row, channels first.
  public func flattened(_ input: Variable<Number>) -> Variable<Number> {
    guard case .image(let batch, let channels, let height, let width) = input.shape,
      channels % ConvolutionGeometry.block == 0, input.isActive
    else {
      preconditionFailure("flattening takes blocked images with a gradient, not \(input.shape)")
    }
    return record(
      Flattening(
        on: self, input: input, batch: batch, channels: channels, pixels: height * width,
        shape: .matrix(rows: batch, columns: channels * height * width)))
  }
}
