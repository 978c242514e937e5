import Tensors

/// A value on a tape with its cotangent, and one tangent of each.
///
/// The numbers live in the tape's arena, except those of parameters, which are views of the jets
/// the tape is bound to.
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

  var valueStorage = Placement<Number>()
  var cotangentStorage = Placement<Number>()
  var tangentStorage = Placement<Number>()
  var cotangentTangentStorage = Placement<Number>()

  init(shape: Shape, isActive: Bool, offset: Int? = nil) {
    self.shape = shape
    self.isActive = isActive
    self.offset = offset
  }

  /// How many numbers the value has.
  public var count: Int { shape.count }
  /// The value, valid from the forward pass until its last use on the tape.
  public var value: UnsafeMutablePointer<Number> { valueStorage.pointer }
  /// The gradient of the tape's output with respect to the value.
  var cotangent: UnsafeMutablePointer<Number> { cotangentStorage.pointer }
  /// The derivative of the value along the present direction.
  var tangent: UnsafeMutablePointer<Number> { tangentStorage.pointer }
  /// The derivative of the cotangent along the present direction.
  var cotangentTangent: UnsafeMutablePointer<Number> { cotangentTangentStorage.pointer }
}

/// Where a tape put some numbers: one object per storage, so that the arena can plan by identity.
final class Placement<Number: Scalar> {
  /// Set when the tape is sealed (arena) or bound (parameters).
  private(set) var address: UnsafeMutablePointer<Number>?

  func place(at pointer: UnsafeMutablePointer<Number>) { address = pointer }

  @inline(__always)
  var pointer: UnsafeMutablePointer<Number> {
    guard let address else { preconditionFailure("a variable is used before its tape is sealed") }
    return address
  }
}

/// A variable as an argument of an operation.
final class Operand<Number: Scalar> {
  let variable: Variable<Number>
  /// Whether another operation has contributed to the cotangent before, so that this one must add.
  ///
  /// Set when the tape is sealed.
  var accumulates = false

  init(_ variable: Variable<Number>) { self.variable = variable }
}
