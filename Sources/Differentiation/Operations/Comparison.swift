import Tensors

/// How two numbers are compared.
public enum ComparisonKind: Sendable {
  /// x = y.
  case equal
  /// x > y.
  case greater
  /// x ≥ y.
  case greaterOrEqual
}

/// A mask: 1 where a comparison holds, 0 elsewhere.
///
/// A step function, whose derivative is 0 wherever it
/// has one: the result does not count as depending on parameters.
final class Comparison<Number: Scalar>: Operation {
  let left: Operand<Number>
  let right: Operand<Number>
  let result: Variable<Number>
  private let kind: ComparisonKind

  init(
    on tape: Tape<Number>, left: Variable<Number>, right: Variable<Number>, kind: ComparisonKind
  ) {
    self.left = Operand(left)
    self.right = Operand(right)
    self.kind = kind
    result = tape.result(left.shape, of: [])
  }

  var operands: [Operand<Number>] { [left, right] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() {
    let (x, y, mask) = (left.variable.value, right.variable.value, result.value)
    switch kind {
    case .equal: for i in 0..<result.count { mask[i] = x[i] == y[i] ? 1 : 0 }
    case .greater: for i in 0..<result.count { mask[i] = x[i] > y[i] ? 1 : 0 }
    case .greaterOrEqual: for i in 0..<result.count { mask[i] = x[i] >= y[i] ? 1 : 0 }
    }
  }

  // Never called: the result is not active.
  func pullback() {}
  func tangent() {}
  func pullbackTangent() {}
}

extension Tape {
  /// 1 where a comparison of two tensors of one shape holds, 0 elsewhere; a mask for
  /// ``selection(_:_:_:)``.
  public func comparison(
    _ left: Variable<Number>, _ kind: ComparisonKind, _ right: Variable<Number>
  ) -> Variable<Number> {
    precondition(
      left.shape == right.shape, "\(left.shape) is compared with \(right.shape)")
    return record(Comparison(on: self, left: left, right: right, kind: kind))
  }
}
