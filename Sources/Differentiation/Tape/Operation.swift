import Tensors

/// A differentiable operation y = f(x…), and the derivative of its own derivative.
///
/// The set of operations is open: a class that conforms to this, and a function in an extension of
/// `Tape` that checks the shapes and records it, make a new one, in any module.
///
/// The four passes of a tape, in the order in which they run:
///
///     value            y = f(x)                                        once a replay
///     pullback         x̄ += f′(x)ᵀ ȳ                                  once a replay
///     tangent          ẏ = f′(x) ẋ                                     once a tangent
///     pullbackTangent  x̄̇ += f′(x)ᵀ ȳ̇ + (d/dε f′(x + ε ẋ))ᵀ ȳ         once a tangent
///
/// What a pass may touch:
///
/// | pass | reads | writes |
/// |---|---|---|
/// | `value` | values of the operands | the result's value, `retained` |
/// | `pullback` | values in `needs.pullback`, `retained`, the result's cotangent | cotangents of the active operands |
/// | `tangent` | values in `needs.tangent`, `retained`, tangents of the active operands | the result's tangent |
/// | `pullbackTangent` | values in `needs.pullbackTangent`, `retained`, tangents in `needs.tangentsInPullback`, the result's cotangent tangent, and its cotangent if `needs` says so | cotangent tangents of the active operands |
///
/// Everything else is gone by then, for other numbers stand in its place. A pass writes all the
/// numbers of what it writes, and to the cotangent of every active operand: over what is there, or
/// added to it, as ``Operand/accumulates`` says, in the order of `operands`. The last two passes must
/// leave the numbers of the first two alone, since they run again for the next tangent.
///
/// The tape asks for derivatives only where the result is active and the tape's output depends on
/// it. Then at least one operand is active; those that are not have neither tangents nor cotangents.
///
/// Every pass should be linear work in the numbers it touches (products aside), and allocate nothing:
/// memory within one pass is ``Tape/scratch``.
///
/// To test an operation, compare with finite differences, and with the same computation on a tape
/// sealed with `memory: .checked`, where forgotten `needs` show.
///
/// A file that imports Foundation, which has an `Operation` too, calls this one
/// `Differentiation.Operation`.
///
///     /// y = x², number by number.
///     final class Square<Number: Scalar>: Operation {
///       let input: Operand<Number>
///       let result: Variable<Number>
///
///       init(on tape: Tape<Number>, _ input: Variable<Number>) {
///         self.input = Operand(input)
///         result = tape.result(input.shape, of: [self.input])
///       }
///
///       var operands: [Operand<Number>] { [input] }
///       var needs: PrimalNeeds<Number> {
///         let x = [input.variable]
///         return PrimalNeeds(
///           pullback: x, tangent: x, pullbackTangent: x, tangentsInPullback: x,
///           cotangentInPullbackTangent: true)
///       }
///       func value() { … }
///       …
///     }
///
///     extension Tape {
///       func square(_ x: Variable<Number>) -> Variable<Number> { record(Square(on: self, x)) }
///     }
public protocol Operation<Number>: AnyObject {
  /// The type of the numbers.
  associatedtype Number: Scalar

  /// The arguments whose cotangents this operation contributes to, in the order of contribution.
  var operands: [Operand<Number>] { get }
  /// The result, made by ``Tape/result(_:of:)``.
  var result: Variable<Number> { get }
  /// Numbers retained from `value` for the other passes, beyond variables; none by default.
  var retained: [RetainedValues<Number>] { get }
  /// Which primal numbers the passes after `value` read.
  var needs: PrimalNeeds<Number> { get }
  /// What it does, for a profile; elementwise by default.
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
  /// Nothing.
  public var retained: [RetainedValues<Number>] { [] }
  /// Elementwise work.
  public var work: OperationWork { OperationWork() }
}

/// Numbers that an operation retains from its value for the other passes, such as the choices of a
/// maximum.
///
/// On a tape sealed for tangents they last to the end of a replay, so that a later pass may write
/// numbers for those after it: `pullback` for all tangents, `tangent` for its own `pullbackTangent`.
///
/// An operation makes them when it is recorded, and names them in ``Operation/retained``; the memory
/// is the tape's.
public final class RetainedValues<Number: Scalar> {
  /// How many.
  public let count: Int
  let storage = Placement<Number>()

  /// Room for `count` numbers.
  public init(count: Int) { self.count = count }

  /// The numbers, from `value` on in all passes of a replay.
  public var pointer: UnsafeMutablePointer<Number> { storage.pointer }
}

/// What an operation reads again after its value was computed; the rest of the memory is reused.
///
/// Name only what is read: every variable named stays in memory longer.
public struct PrimalNeeds<Number: Scalar> {
  /// Values read by `pullback`, of arguments or of the result.
  public var pullback: [Variable<Number>]
  /// Values read by `tangent`.
  public var tangent: [Variable<Number>]
  /// Values read by `pullbackTangent`.
  public var pullbackTangent: [Variable<Number>]
  /// Tangents of arguments or of the result read by `pullbackTangent`; those of variables that are
  /// not active are passed over.
  public var tangentsInPullback: [Variable<Number>]
  /// Whether `pullbackTangent` reads the primal cotangent of the result, as it does unless f is
  /// linear or piecewise linear.
  public var cotangentInPullbackTangent: Bool

  /// What is read; nothing by default.
  public init(
    pullback: [Variable<Number>] = [], tangent: [Variable<Number>] = [],
    pullbackTangent: [Variable<Number>] = [], tangentsInPullback: [Variable<Number>] = [],
    cotangentInPullbackTangent: Bool = false
  ) {
    self.pullback = pullback
    self.tangent = tangent
    self.pullbackTangent = pullbackTangent
    self.tangentsInPullback = tangentsInPullback
    self.cotangentInPullbackTangent = cotangentInPullbackTangent
  }
}
