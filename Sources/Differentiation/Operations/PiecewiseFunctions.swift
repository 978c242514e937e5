import Tensors

/// x between two bounds, with the slope 1 from the one to the other, both included as in PyTorch.
struct ClippingFunction: ElementFunction {
  let lowest: Double
  let highest: Double

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    let (a, b) = (Number(lowest), Number(highest))
    for i in 0..<count {
      // In this order: b where the bounds are the wrong way round, and NaN for NaN.
      y[i] = x[i] < a ? a : x[i]
      y[i] = y[i] > b ? b : y[i]
      slope[i] = x[i] >= a && x[i] <= b ? 1 : 0
      curvature[i] = 0
    }
  }
}

/// |x|, with the sign of x, 0 at 0.
struct MagnitudeFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      y[i] = abs(x[i])
      slope[i] = x[i] > 0 ? 1 : x[i] < 0 ? -1 : 0
      curvature[i] = 0
    }
  }
}

/// Which function of whole steps.
public enum StepKind: Sendable {
  /// −1, 0 or 1.
  case sign
  /// The largest whole number that is not above.
  case floor
  /// The smallest whole number that is not below.
  case ceiling
  /// The nearest whole number towards 0.
  case truncate
  /// The nearest whole number, of two the even one.
  case round
}

/// Functions of whole steps, with slope 0.
struct StepFunction: ElementFunction {
  let kind: StepKind

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      y[i] =
        switch kind {
        case .sign: x[i] > 0 ? 1 : x[i] < 0 ? -1 : x[i]
        case .floor: x[i].rounded(.down)
        case .ceiling: x[i].rounded(.up)
        case .truncate: x[i].rounded(.towardZero)
        case .round: x[i].rounded(.toNearestOrEven)
        }
      slope[i] = 0
      curvature[i] = 0
    }
  }
}

/// x min(max(a x + b, 0), 1): a parabola between two straight lines.
///
/// A. Howard et al., "Searching for MobileNetV3", ICCV 2019, with a = 1/6 and b = 1/2.
struct HardSwishFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      let v = x[i]
      if v <= -3 {
        (y[i], slope[i], curvature[i]) = (0, 0, 0)
      } else if v >= 3 {
        (y[i], slope[i], curvature[i]) = (v, 1, 0)
      } else {
        (y[i], slope[i], curvature[i]) = (v * (v + 3) / 6, (2 * v + 3) / 6, 1 / 3)
      }
    }
  }
}

extension Tape {
  /// Every number kept between two bounds, for any shape; the derivative is 1 at the bounds.
  public func clipped(
    _ input: Variable<Number>, from lowest: Double, to highest: Double
  ) -> Variable<Number> {
    record(
      ElementwiseFunction(
        on: self, input: input, function: ClippingFunction(lowest: lowest, highest: highest)))
  }

  /// The magnitude of every number, for any shape; its derivative at 0 is 0.
  public func magnitude(_ input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: MagnitudeFunction()))
  }

  /// The sign of every number, or a whole number near it, for any shape; the derivative is 0.
  public func steps(_ input: Variable<Number>, _ kind: StepKind) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: StepFunction(kind: kind)))
  }

  /// x min(max(x / 6 + 1 / 2, 0), 1) of every number, for any shape.
  public func hardSwish(_ input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: HardSwishFunction()))
  }
}
