import Tensors

/// What trains a number of inner steps and says how the validation loss at their end depends on φ.
///
/// The derivative counts φ's influence from the last `restart` on. Two sources exist: columns that go
/// forward with training, and adjoints that go back over it. Both give the same numbers to rounding.
protocol HypergradientSource<Number>: AnyObject {
  associatedtype Number: Scalar

  /// How it works.
  var mode: DifferentiationMode { get }

  /// Where φ's influence begins, if what the source keeps since then is needed to go on.
  var origin: TrainingOrigin<Number>? { get }

  /// Lets φ's influence begin at this state.
  ///
  /// - Parameters:
  ///   - carry: what remains of the influence so far, in [0, 1]; 0 in reverse mode.
  ///   - steps: how many steps may follow before the next restart.
  func restart(_ state: TrainingState<Number>, carry: Double, steps: Int)

  /// Takes some inner steps and observes the hypergradient after the last of them.
  ///
  /// Training stops at a loss that is not finite; whether a hypergradient is finite only the one who
  /// sees all of it can say.
  ///
  /// - Parameters:
  ///   - steps: how many steps, at least 1.
  ///   - observed: after how many of them, the last ones, h is taken; may be 0.
  ///   - hyperparameters: φ, which has not moved since the restart unless it is carried.
  /// - Returns: losses and this rank's part of the hypergradients; the same outcome on all ranks
  ///   unless the sums differ between them.
  /// - Throws: what the problem throws.
  func advance(
    _ state: inout TrainingState<Number>, steps: Int, observed: Int,
    hyperparameters: Hyperparameters
  ) throws -> Stretch
}

/// A state that training was in some steps ago: its numbers without columns.
public struct TrainingOrigin<Number: Scalar> {
  /// The inner steps taken before it.
  public let step: Int
  /// θ and the optimizer's numbers, `[1 + stateCount, p]`; valid until training goes on.
  public let numbers: UnsafeBufferPointer<Number>
}
