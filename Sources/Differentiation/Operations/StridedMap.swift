import Tensors

/// y ← factor · Σ x over strided loops: scaling, transposing, slicing, broadcasting, and sums and means
/// over axes.
///
/// Linear, so the tangent is the map itself; the pullbacks run the same loops the other way.
final class StridedMap<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  /// Array 0 is the result, array 1 the input.
  private let loops: StridedAxes
  /// Array 0 is the input, array 1 the result.
  private let adjoint: StridedAxes
  /// Where the input's numbers start.
  private let offset: Int
  private let factor: Number

  /// - Parameter axes: loops in which the result is the first array, met completely, and the input
  ///   from `offset` on the second.
  init(
    on tape: Tape<Number>, input: Variable<Number>, axes: [StridedAxis], offset: Int = 0,
    factor: Number = 1, shape: Shape
  ) {
    self.input = Operand(input)
    self.offset = offset
    self.factor = factor
    loops = StridedAxes(axes)
    let reversed = loops.reordered(1, 0, 2)
    // Where nothing is summed up, the loops may go in the order of what is written.
    let isOneToOne = loops.isEachOnce(0) && loops.isEachOnce(1)
    adjoint =
      isOneToOne
      ? StridedAxes(reversed.axes.sorted { $0.strides[0] > $1.strides[0] }) : reversed
    result = tape.result(shape, of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() { map(input.variable.value, into: result.value) }

  func tangent() { map(input.variable.tangent, into: result.tangent) }

  func pullback() { pull(result.cotangent, into: input.variable.cotangent) }

  func pullbackTangent() {
    pull(result.cotangentTangent, into: input.variable.cotangentTangent)
  }

  private func map(_ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>) {
    let sums = !loops.isEachOnce(0)
    if sums { Elementwise.fill(y, count: result.count, with: 0) }
    StridedLoops.add(x + offset, by: factor, to: y, over: loops, accumulate: sums)
  }

  private func pull(_ y: UnsafePointer<Number>, into x: UnsafeMutablePointer<Number>) {
    let covers = adjoint.isEachOnce(0) && adjoint.count == input.variable.count
    if !covers, !input.accumulates {
      Elementwise.fill(x, count: input.variable.count, with: 0)
    }
    StridedLoops.add(
      y, by: factor, to: x + offset, over: adjoint, accumulate: !covers || input.accumulates)
  }
}

extension Tape {
  /// A multiple of every number, for any shape.
  public func scaled(_ input: Variable<Number>, by factor: Number) -> Variable<Number> {
    record(
      StridedMap(
        on: self, input: input, axes: [StridedAxis(input.count, 1, 1)], factor: factor,
        shape: input.shape))
  }

  /// The opposite of every number, for any shape.
  public func negated(_ input: Variable<Number>) -> Variable<Number> { scaled(input, by: -1) }

  /// A tensor with its axes in another order: axis i of the result is axis `order[i]` of the input.
  public func transposed(_ input: Variable<Number>, _ order: [Int]) -> Variable<Number> {
    let dimensions = tensorDimensions(input, "transposing")
    precondition(
      order.sorted() == Array(dimensions.indices),
      "transposing \(input.shape) by \(order), which is no order of its axes")
    let shape = order.map { dimensions[$0] }
    let (from, to) = (StridedAxes.strides(of: dimensions), StridedAxes.strides(of: shape))
    let axes = order.indices.map { StridedAxis(shape[$0], to[$0], from[order[$0]]) }
    return record(StridedMap(on: self, input: input, axes: axes, shape: .tensor(shape)))
  }

  /// The part of a tensor whose index on an axis is in a range.
  ///
  /// A negative axis counts from the end.
  public func slice(
    _ input: Variable<Number>, axis: Int, _ range: Range<Int>
  ) -> Variable<Number> {
    var shape = tensorDimensions(input, "slicing")
    let axis = axisIndex(axis, of: input)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis] && !range.isEmpty,
      "slicing \(range) from axis \(axis) of \(input.shape)")
    let from = StridedAxes.strides(of: shape)
    shape[axis] = range.count
    let to = StridedAxes.strides(of: shape)
    let axes = shape.indices.map { StridedAxis(shape[$0], to[$0], from[$0]) }
    return record(
      StridedMap(
        on: self, input: input, axes: axes, offset: range.lowerBound * from[axis],
        shape: .tensor(shape)))
  }

  /// A tensor cut along an axis into parts of these lengths, which add up to the axis.
  public func split(
    _ input: Variable<Number>, axis: Int, _ lengths: [Int]
  ) -> [Variable<Number>] {
    let index = axisIndex(axis, of: input)
    precondition(
      lengths.reduce(0, +) == input.shape.dimensions[index],
      "splitting axis \(index) of \(input.shape) into \(lengths)")
    var start = 0
    return lengths.map { length in
      defer { start += length }
      return slice(input, axis: index, start..<start + length)
    }
  }

  /// A tensor repeated to a shape, by NumPy's rules of broadcasting.
  public func broadcast(_ input: Variable<Number>, to dimensions: [Int]) -> Variable<Number> {
    let from = tensorDimensions(input, "broadcasting")
    let plan = Broadcast(dimensions, from)
    precondition(
      plan?.dimensions == dimensions, "broadcasting \(input.shape) to \(dimensions)")
    let axes = (plan?.axes ?? []).map { StridedAxis($0.count, $0.strides[0], $0.strides[2]) }
    return record(StridedMap(on: self, input: input, axes: axes, shape: .tensor(dimensions)))
  }

  /// The sum over some axes; with `keepingAxes` they stay with length 1.
  ///
  /// Negative axes count from the end.
  public func sum(
    of input: Variable<Number>, axes: [Int], keepingAxes: Bool = false
  ) -> Variable<Number> {
    reduced(input, axes, factor: 1, keepingAxes)
  }

  /// The mean over some axes; with `keepingAxes` they stay with length 1.
  ///
  /// Negative axes count from the end.
  public func mean(
    of input: Variable<Number>, axes: [Int], keepingAxes: Bool = false
  ) -> Variable<Number> {
    let dimensions = tensorDimensions(input, "a mean over axes")
    let count = axes.reduce(1) { $0 * dimensions[axisIndex($1, of: input)] }
    precondition(count > 0, "the mean over the axes \(axes) of \(input.shape) is of no numbers")
    return reduced(input, axes, factor: 1 / Number(count), keepingAxes)
  }

  private func reduced(
    _ input: Variable<Number>, _ axes: [Int], factor: Number, _ keepingAxes: Bool
  ) -> Variable<Number> {
    let dimensions = tensorDimensions(input, "a sum over axes")
    let reduced = Set(axes.map { axisIndex($0, of: input) })
    precondition(
      reduced.count == axes.count, "the axes \(axes) of \(input.shape) are summed over twice")
    let kept = dimensions.indices.map { reduced.contains($0) ? 1 : dimensions[$0] }
    let (from, to) = (StridedAxes.strides(of: dimensions), StridedAxes.strides(of: kept))
    let loops = dimensions.indices.map {
      StridedAxis(dimensions[$0], reduced.contains($0) ? 0 : to[$0], from[$0])
    }
    let shape =
      keepingAxes
      ? kept : dimensions.indices.filter { !reduced.contains($0) }.map { dimensions[$0] }
    return record(
      StridedMap(on: self, input: input, axes: loops, factor: factor, shape: .tensor(shape)))
  }

  /// The dimensions of a row-major tensor.
  func tensorDimensions(_ input: Variable<Number>, _ what: String) -> [Int] {
    guard case .tensor(let dimensions) = input.shape else {
      preconditionFailure("\(what) takes a tensor, not \(input.shape): see tensor(of:)")
    }
    return dimensions
  }

  /// An axis from 0 on, of one that may be negative.
  func axisIndex(_ axis: Int, of input: Variable<Number>) -> Int {
    let rank = input.shape.dimensions.count
    precondition((-rank..<rank).contains(axis), "\(input.shape) has no axis \(axis)")
    return axis < 0 ? axis + rank : axis
  }
}
