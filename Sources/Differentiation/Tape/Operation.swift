import Tensors

/// A differentiable operation y = f(x…), and the derivative of its own derivative.
///
/// The four passes of a tape, in the order in which they run. Each is linear work in the numbers it
/// touches; the last two run once per tangent and see the primal numbers of the first two.
protocol Operation<Number>: AnyObject {
  associatedtype Number: Scalar

  /// The arguments whose cotangents this operation contributes to, in the order of contribution.
  var operands: [Operand<Number>] { get }
  /// The result.
  var result: Variable<Number> { get }
  /// Numbers kept from the value for the other passes, beyond variables.
  var kept: [Keepsake<Number>] { get }
  /// Which primal numbers the passes after `value` read.
  var needs: PrimalNeeds<Number> { get }
  /// What it does, for a profile.
  var work: OperationWork { get }

  /// y = f(x).
  func value()
  /// x̄ += f′(x)ᵀ ȳ.
  func pullback()
  /// ẏ = f′(x) ẋ.
  func tangent()
  /// The tangent of `pullback`: x̄̇ += f′(x)ᵀ ȳ̇ + (d/dε f′(x + ε ẋ))ᵀ ȳ.
  func pullbackTangent()
}

extension Operation {
  var kept: [Keepsake<Number>] { [] }
  var work: OperationWork { OperationWork() }
}

/// Numbers that an operation keeps from its value, such as the choices of a maximum.
final class Keepsake<Number: Scalar> {
  let count: Int
  let storage = Placement<Number>()

  init(count: Int) { self.count = count }

  var pointer: UnsafeMutablePointer<Number> { storage.pointer }
}

/// What an operation reads again after its value was computed; the rest of the memory is reused.
struct PrimalNeeds<Number: Scalar> {
  /// Values read by `pullback`.
  var pullback: [Variable<Number>] = []
  /// Values read by `tangent`.
  var tangent: [Variable<Number>] = []
  /// Values read by `pullbackTangent`.
  var pullbackTangent: [Variable<Number>] = []
  /// Tangents of arguments or of the result read by `pullbackTangent`.
  var tangentsInPullback: [Variable<Number>] = []
  /// Whether `pullbackTangent` reads the primal cotangent of the result.
  var cotangentInPullbackTangent = false
}
