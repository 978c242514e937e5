import Tensors

/// The same numbers in another order, y = P x: images to row-major tensors, back, and tensors to
/// tensors of another shape.
///
/// A permutation is its own tangent, and the pullbacks undo it.
final class Rearrangement<Number: Scalar>: Operation {
  /// The permutation P.
  enum Order {
    /// The order stays.
    case same
    /// From images as `ImageLayout` lays them out to `[batch, channels, pixels]`.
    case toPlanes(batch: Int, channels: Int, pixels: Int)
    /// The other way.
    case fromPlanes(batch: Int, channels: Int, pixels: Int)

    var inverse: Order {
      switch self {
      case .same: .same
      case .toPlanes(let batch, let channels, let pixels):
        .fromPlanes(batch: batch, channels: channels, pixels: pixels)
      case .fromPlanes(let batch, let channels, let pixels):
        .toPlanes(batch: batch, channels: channels, pixels: pixels)
      }
    }
  }

  let input: Operand<Number>
  let result: Variable<Number>
  private let order: Order

  init(on tape: Tape<Number>, input: Variable<Number>, order: Order, shape: Shape) {
    self.input = Operand(input)
    self.order = order
    result = tape.result(shape, of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() { rearrange(input.variable.value, order, into: result.value) }

  func tangent() { rearrange(input.variable.tangent, order, into: result.tangent) }

  func pullback() {
    rearrange(
      result.cotangent, order.inverse, into: input.variable.cotangent,
      accumulate: input.accumulates)
  }

  func pullbackTangent() {
    rearrange(
      result.cotangentTangent, order.inverse, into: input.variable.cotangentTangent,
      accumulate: input.accumulates)
  }

  private func rearrange(
    _ x: UnsafePointer<Number>, _ order: Order, into y: UnsafeMutablePointer<Number>,
    accumulate: Bool = false
  ) {
    switch order {
    case .same: Elementwise.deliver(x, to: y, count: result.count, accumulate: accumulate)
    case .toPlanes(let batch, let channels, let pixels):
      Blocks.toPlanes(
        x, into: y, batch: batch, channels: channels, pixels: pixels, accumulate: accumulate)
    case .fromPlanes(let batch, let channels, let pixels):
      Blocks.fromPlanes(
        x, into: y, batch: batch, channels: channels, pixels: pixels, accumulate: accumulate)
    }
  }
}

extension Tape {
  /// Images as a row-major tensor `[batch, channels, height, width]`.
  public func tensor(of images: Variable<Number>) -> Variable<Number> {
    guard case .image = images.shape else {
      preconditionFailure("tensor(of:) takes images, not \(images.shape)")
    }
    return rowMajor(images, .tensor(images.shape.dimensions))
  }

  /// A row-major tensor `[batch, channels, height, width]` as images, for convolutions and poolings.
  public func images(of tensor: Variable<Number>) -> Variable<Number> {
    guard case .tensor(let dimensions) = tensor.shape, dimensions.count == 4 else {
      preconditionFailure(
        "images(of:) takes a tensor [batch, channels, height, width], not \(tensor.shape)")
    }
    let shape = Shape.image(
      batch: dimensions[0], channels: dimensions[1], height: dimensions[2], width: dimensions[3])
    let order =
      Self.order(ofImages: shape)?.inverse ?? .same
    return record(Rearrangement(on: self, input: tensor, order: order, shape: shape))
  }

  /// Each example `[batch, …]` as one row `[batch, numbers]`, images channels first as PyTorch
  /// flattens them.
  public func flattened(_ input: Variable<Number>) -> Variable<Number> {
    guard let batch = input.shape.dimensions.first, batch > 0 else {
      preconditionFailure("flattening takes examples [batch, …], not \(input.shape)")
    }
    return rowMajor(input, .matrix(rows: batch, columns: input.count / batch))
  }

  /// A row-major tensor with the same numbers in the same order and other dimensions.
  public func reshaped(_ input: Variable<Number>, to dimensions: [Int]) -> Variable<Number> {
    let shape = Shape.tensor(dimensions)
    guard case .tensor = input.shape, shape.count == input.count else {
      preconditionFailure("reshaping from \(input.shape) to \(shape)")
    }
    return rowMajor(input, shape)
  }

  private func rowMajor(_ input: Variable<Number>, _ shape: Shape) -> Variable<Number> {
    let order = Self.order(ofImages: input.shape) ?? .same
    return record(Rearrangement(on: self, input: input, order: order, shape: shape))
  }

  /// From images to planes; nil for tensors and for images that are planes already.
  private static func order(ofImages shape: Shape) -> Rearrangement<Number>.Order? {
    guard case .image(let batch, let channels, let height, let width) = shape,
      channels % ConvolutionGeometry.block == 0
    else { return nil }
    return .toPlanes(batch: batch, channels: channels, pixels: height * width)
  }
}
