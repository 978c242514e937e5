import Tensors

// The layouts of attention: strided maps, so that a part and its heads are copied once.
extension Tape {
  /// One of several equal parts of the last axis, cut into heads: `[batch, length, parts · width]` to
  /// `[batch, heads, length, width / heads]`.
  ///
  /// - Parameters:
  ///   - input: the parts side by side, such as queries, keys and values.
  ///   - part: which one, from 0.
  ///   - parts: how many there are.
  ///   - heads: must divide the width of a part.
  ///   - scale: what all numbers are multiplied by.
  public func heads(
    of input: Variable<Number>, part: Int, of parts: Int, count heads: Int, scale: Number = 1
  ) -> Variable<Number> {
    let dimensions = input.shape.dimensions
    guard case .tensor = input.shape, dimensions.count == 3, parts > 0, heads > 0,
      (0..<parts).contains(part), dimensions[2] % (parts * heads) == 0
    else {
      preconditionFailure("part \(part) of \(parts) of \(input.shape) in \(heads) heads")
    }
    let (batch, length, row) = (dimensions[0], dimensions[1], dimensions[2])
    let size = row / parts / heads
    return record(
      StridedMap(
        on: self, input: input,
        axes: [
          StridedAxis(batch, heads * length * size, length * row),
          StridedAxis(heads, length * size, size), StridedAxis(length, size, row),
          StridedAxis(size, 1, 1),
        ], offset: part * row / parts, factor: scale, shape: .tensor([batch, heads, length, size])
      ))
  }

  /// Heads side by side again: `[batch, heads, length, size]` to `[batch, length, heads · size]`.
  public func joined(heads input: Variable<Number>) -> Variable<Number> {
    let dimensions = input.shape.dimensions
    guard case .tensor = input.shape, dimensions.count == 4 else {
      preconditionFailure("heads are joined from [batch, heads, length, size], not \(input.shape)")
    }
    let (batch, heads, length, size) = (
      dimensions[0], dimensions[1], dimensions[2], dimensions[3]
    )
    return record(
      StridedMap(
        on: self, input: input,
        axes: [
          StridedAxis(batch, length * heads * size, heads * length * size),
          StridedAxis(length, heads * size, size), StridedAxis(heads, size, length * size),
          StridedAxis(size, 1, 1),
        ], shape: .tensor([batch, length, heads * size])))
  }
}
