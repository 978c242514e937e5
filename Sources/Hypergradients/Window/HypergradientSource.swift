import Tensors

/// Trains for a number of inner steps and differentiates the validation loss at their end with
/// respect to φ.
///
/// The derivative includes φ's influence since the last `restart`. The two main sources are
/// columns, propagated forward with training, and adjoints, propagated back over it. Both give the
/// same numbers up to rounding.
protocol HypergradientSource<Number>: AnyObject {
  associatedtype Number: Scalar

  /// The differentiation mode.
  var mode: DifferentiationMode { get }

  /// Where φ's influence begins, if resuming needs what the source has stored since then.
  var origin: TrainingOrigin<Number>? { get }

  /// Starts φ's influence at this state.
  ///
  /// - Parameters:
  ///   - carry: the fraction of the influence so far that remains, in [0, 1]; 0 in reverse mode.
  ///   - steps: the number of steps that may follow before the next restart.
  func restart(_ state: TrainingState<Number>, carry: Double, steps: Int)

  /// Takes some inner steps and computes the hypergradient after the last of them.
  ///
  /// Training stops at a non-finite loss; only the caller that sees the whole hypergradient can
  /// tell whether it is finite.
  ///
  /// - Parameters:
  ///   - steps: the number of steps, at least 1.
  ///   - observed: the number of last steps after which h is taken; may be 0.
  ///   - hyperparameters: φ, unchanged since the restart unless the influence is carried over.
  /// - Returns: losses and this rank's part of the hypergradients; the same outcome on all ranks
  ///   unless sums differ between them.
  /// - Throws: errors of the problem.
  func advance(
    _ state: inout TrainingState<Number>, steps: Int, observed: Int,
    hyperparameters: Hyperparameters
  ) throws -> Stretch
}

/// An earlier state of training, without columns.
public struct TrainingOrigin<Number: Scalar> {
  /// The number of inner steps taken before it.
  public let step: Int
  /// θ and the optimizer's state, `[1 + stateCount, p]`; valid until training continues.
  public let numbers: UnsafeBufferPointer<Number>
}
