import Differentiation
import Tensors

/// The state of a training: θ, the inner optimizer's state, their columns, and the step.
///
/// Copies share their numbers, as jets do; use `TrainingSnapshot` for an independent copy.
public struct TrainingState<Number: Scalar> {
  /// θ and Z, `[p]`.
  public let parameters: Jet<Number>
  /// The inner optimizer's state jets, `[p]` each.
  public let optimizer: [Jet<Number>]
  /// The number of inner steps since the start of the training.
  public var step = 0

  /// The state before the first step: all zero; the caller sets θ.
  ///
  /// - Parameters:
  ///   - parameterCount: p.
  ///   - optimizer: the inner optimizer.
  ///   - tangentCount: the number of columns that are carried along.
  public init(parameterCount: Int, optimizer: any InnerOptimizer, tangentCount: Int) {
    parameters = Jet(count: parameterCount, tangentCount: tangentCount)
    self.optimizer = (0..<optimizer.stateCount).map { _ in
      Jet(count: parameterCount, tangentCount: tangentCount)
    }
  }

  /// All jets, θ first.
  public var jets: [Jet<Number>] { [parameters] + optimizer }

  /// A read-only view of θ, `[p]`.
  public var primal: UnsafeBufferPointer<Number> { UnsafeBufferPointer(parameters.primal) }

  /// Multiplies every column, of θ and of the optimizer's state, by a factor.
  ///
  /// - Parameter factor: 0 sets them to zero, whatever they were; 1 leaves them bitwise unchanged.
  public func scaleTangents(by factor: Double) {
    scaleTangents(0..<parameters.tangentCount, by: factor)
  }

  /// Multiplies some of the columns by a factor; see `scaleTangents(by:)`.
  func scaleTangents(_ range: Range<Int>, by factor: Double) {
    for jet in jets {
      let count = jet.stride * range.count
      let start = jet.storage.pointer + (1 + range.lowerBound) * jet.stride
      if factor == 0 {
        start.update(repeating: 0, count: count)
      } else if factor != 1 {
        Elementwise.scale(start, by: Number(factor), count: count)
      }
    }
  }

  /// Resets to the first step: θ as given, everything else zero.
  mutating func restart(from parameters: Buffer<Number>) {
    precondition(
      parameters.count == self.parameters.count,
      "\(parameters.count) initial parameters for a model with \(self.parameters.count)")
    for jet in jets { jet.storage.pointer.update(repeating: 0, count: jet.storage.count) }
    self.parameters.storage.pointer.update(from: parameters.pointer, count: parameters.count)
    step = 0
  }
}
