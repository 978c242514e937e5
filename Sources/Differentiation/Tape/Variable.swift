import Tensors

/// A value on a tape with its cotangent, and one tangent of each.
///
/// The numbers live in the tape's arena, except those of parameters, which are views of the jets
/// the tape is bound to. All four have the variable's shape. Which of them an operation may touch in
/// which pass is said at ``Operation``.
public final class Variable<Number: Scalar> {
  /// The shape of all four.
  public let shape: Shape
  /// Whether it depends on parameters.
  ///
  /// If not, its tangent is zero by structure and its cotangent
  /// is not needed: neither exists.
  public let isActive: Bool
  /// Where a parameter starts in the flat vector; nil for inputs and results.
  let offset: Int?

  let valueStorage = Placement<Number>()
  let cotangentStorage = Placement<Number>()
  let tangentStorage = Placement<Number>()
  let cotangentTangentStorage = Placement<Number>()

  init(shape: Shape, isActive: Bool, offset: Int? = nil) {
    precondition(
      shape.dimensions.allSatisfy { $0 >= 0 }, "a variable cannot have the shape \(shape)")
    self.shape = shape
    self.isActive = isActive
    self.offset = offset
    count = shape.count
  }

  /// How many numbers the value has.
  public let count: Int
  /// x, the value, valid from the forward pass until its last use on the tape.
  public var value: UnsafeMutablePointer<Number> { valueStorage.pointer }
  /// x̄, the gradient of the tape's output with respect to the value; only if active.
  public var cotangent: UnsafeMutablePointer<Number> { cotangentStorage.pointer }
  /// ẋ, the derivative of the value along the present direction; only if active.
  public var tangent: UnsafeMutablePointer<Number> { tangentStorage.pointer }
  /// x̄̇, the derivative of the cotangent along the present direction; only if active.
  public var cotangentTangent: UnsafeMutablePointer<Number> { cotangentTangentStorage.pointer }
}

/// Where a tape put some numbers: one object per storage, so that the arena can plan by identity.
final class Placement<Number: Scalar> {
  /// Set when the tape is sealed (arena) or bound (parameters).
  private(set) var address: UnsafeMutablePointer<Number>?

  func place(at pointer: UnsafeMutablePointer<Number>) { address = pointer }

  @inline(__always)
  var pointer: UnsafeMutablePointer<Number> {
    guard let address else {
      preconditionFailure(
        "a tape has no memory for these numbers: it is not sealed yet, its parameters are not bound, "
          + "it was sealed for fewer passes, or the variable is not active")
    }
    return address
  }
}

/// A variable as an argument of an operation.
///
/// A variable that is an argument twice needs two operands.
public final class Operand<Number: Scalar> {
  /// The argument.
  public let variable: Variable<Number>
  /// Whether the cotangent holds a contribution already, so that this one is added to it; if not,
  /// it is overwritten.
  ///
  /// Known once the tape is sealed, and the same in `pullback` and `pullbackTangent`.
  public internal(set) var accumulates = false

  /// A variable as an argument.
  public init(_ variable: Variable<Number>) { self.variable = variable }
}
