import Foundation
import Tensors

/// sin x, with cos x and −sin x; or cos x, with −sin x and −cos x.
///
/// In double precision also for `Float`: rare, and exact for large numbers.
struct SineFunction: ElementFunction {
  let isCosine: Bool

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      let (s, c) = (Foundation.sin(Double(x[i])), Foundation.cos(Double(x[i])))
      y[i] = Number(isCosine ? c : s)
      slope[i] = Number(isCosine ? -s : c)
      curvature[i] = -y[i]
    }
  }
}

extension Tape {
  /// The sine of every number, for any shape.
  public func sine(_ input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: SineFunction(isCosine: false)))
  }

  /// The cosine of every number, for any shape.
  public func cosine(_ input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: SineFunction(isCosine: true)))
  }
}
