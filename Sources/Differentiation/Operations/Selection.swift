import Tensors

/// z = x where a mask is not 0, y elsewhere; the mask may repeat.
///
/// What is not chosen has no influence, not even where it is
/// infinite or no number.
///
/// The tangent chooses as the value does; the pullbacks give 0 to what was not chosen.
final class Selection<Number: Scalar>: Operation {
  let mask: Operand<Number>
  let left: Operand<Number>
  let right: Operand<Number>
  let result: Variable<Number>

  init(
    on tape: Tape<Number>, mask: Variable<Number>, left: Variable<Number>, right: Variable<Number>
  ) {
    self.mask = Operand(mask)
    self.left = Operand(left)
    self.right = Operand(right)
    result = tape.result(left.shape, of: [self.left, self.right])
  }

  /// After how many numbers the mask repeats.
  private var period: Int { mask.variable.count }

  // The mask is not active.
  var operands: [Operand<Number>] { [mask, left, right] }
  var needs: PrimalNeeds<Number> {
    let mask = [mask.variable]
    return PrimalNeeds(pullback: mask, tangent: mask, pullbackTangent: mask)
  }

  func value() {
    SelectionLoops.select(
      mask.variable.value, left.variable.value, right.variable.value, into: result.value,
      period: period, count: result.count)
  }

  func tangent() {
    let (x, y) = (left.variable, right.variable)
    SelectionLoops.select(
      mask.variable.value, x.isActive ? UnsafePointer(x.tangent) : nil,
      y.isActive ? UnsafePointer(y.tangent) : nil, into: result.tangent, period: period,
      count: result.count)
  }

  func pullback() {
    pull(result.cotangent, left, \.cotangentStorage, where: true)
    pull(result.cotangent, right, \.cotangentStorage, where: false)
  }

  func pullbackTangent() {
    pull(result.cotangentTangent, left, \.cotangentTangentStorage, where: true)
    pull(result.cotangentTangent, right, \.cotangentTangentStorage, where: false)
  }

  private func pull(
    _ z: UnsafePointer<Number>, _ operand: Operand<Number>,
    _ place: KeyPath<Variable<Number>, Placement<Number>>, where chosen: Bool
  ) {
    guard operand.variable.isActive else { return }
    SelectionLoops.deliver(
      z, where: mask.variable.value, is: chosen, to: operand.variable[keyPath: place].pointer,
      period: period, count: result.count, accumulate: operand.accumulates)
  }
}

private enum SelectionLoops {
  /// Absent numbers are 0.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func select<Number: Scalar>(
    _ mask: UnsafePointer<Number>, _ x: UnsafePointer<Number>?, _ y: UnsafePointer<Number>?,
    into z: UnsafeMutablePointer<Number>, period: Int, count: Int
  ) {
    for start in stride(from: 0, to: count, by: period) {
      let z = z + start
      switch (x, y) {
      case (let x?, let y?):
        let (x, y) = (x + start, y + start)
        for i in 0..<period { z[i] = mask[i] != 0 ? x[i] : y[i] }
      case (let x?, nil):
        let x = x + start
        for i in 0..<period { z[i] = mask[i] != 0 ? x[i] : 0 }
      case (nil, let y?):
        let y = y + start
        for i in 0..<period { z[i] = mask[i] != 0 ? 0 : y[i] }
      case (nil, nil): for i in 0..<period { z[i] = 0 }
      }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func deliver<Number: Scalar>(
    _ z: UnsafePointer<Number>, where mask: UnsafePointer<Number>, is chosen: Bool,
    to x: UnsafeMutablePointer<Number>, period: Int, count: Int, accumulate: Bool
  ) {
    for start in stride(from: 0, to: count, by: period) {
      let (x, z) = (x + start, z + start)
      if accumulate {
        for i in 0..<period { x[i] += (mask[i] != 0) == chosen ? z[i] : 0 }
      } else {
        for i in 0..<period { x[i] = (mask[i] != 0) == chosen ? z[i] : 0 }
      }
    }
  }
}

extension Tape {
  /// Number by number the one tensor or the other, of one shape.
  ///
  /// - Parameters:
  ///   - mask: of the shape of their last axes, and repeated for those before. 0 chooses the right one,
  ///     all other numbers the left one. Nothing is differentiated with respect to it.
  ///   - left: chosen where the mask is not 0.
  ///   - right: chosen elsewhere.
  public func selection(
    _ mask: Variable<Number>, _ left: Variable<Number>, _ right: Variable<Number>
  ) -> Variable<Number> {
    precondition(
      !mask.isActive && left.shape == right.shape && mask.count > 0
        && Array(left.shape.dimensions.suffix(mask.shape.dimensions.count))
          == mask.shape.dimensions,
      "a selection by \(mask.shape) of \(left.shape) and \(right.shape)")
    return record(Selection(on: self, mask: mask, left: left, right: right))
  }
}
