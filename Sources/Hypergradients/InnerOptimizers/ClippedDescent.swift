import Differentiation
import Tensors

/// Another optimizer, whose gradients are cut down to a largest norm first.
///
/// As PyTorch's `clip_grad_norm_`, over all parameters together, with δ = 10⁻⁶:
///
///     ĝ = s g,   s = min(1, c / (‖g‖ + δ))
///
/// Where the norm is above c, s depends on g, and columns and adjoints see that: with n = ‖g‖
///
///     ĝ̇ = s (ġ − g ⟨g, ġ⟩ / (n (n + δ)))
///
/// a symmetric map, so that the adjoint of ĝ goes back by the same formula. R. Pascanu, T. Mikolov,
/// Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013.
public struct ClippedDescent: InnerOptimizer {
  /// What takes the steps.
  public let base: any InnerOptimizer
  /// c, the largest norm.
  public let largestNorm: Double
  private static let margin = 1e-6

  /// An optimizer behind a clipping to `largestNorm`, a positive number.
  public init(_ base: any InnerOptimizer, largestNorm: Double) {
    precondition(
      largestNorm > 0 && largestNorm.isFinite,
      "gradients are clipped to a positive norm, not to \(largestNorm)")
    self.base = base
    self.largestNorm = largestNorm
  }

  /// The other optimizer's.
  public var hyperparameterNames: [HyperparameterName] { base.hyperparameterNames }
  /// The other optimizer's.
  public var stateCount: Int { base.stateCount }
  /// The other optimizer's.
  public var scratchCount: Int { base.scratchCount }
  /// The other optimizer's.
  public var decaysByGradient: Bool { base.decaysByGradient }
  /// The clipping's own derivative needs it.
  public var pullbackNeedsGradient: Bool { true }

  /// Takes one step in place; the gradient is clipped in place too.
  ///
  /// See the protocol for the parameters.
  public func step<Number: Scalar>(
    _ number: Int, parameters: Jet<Number>, state: [Jet<Number>], gradient: Jet<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>
  ) {
    let g = gradient.storage.pointer
    let clipping = Clipping(g, count: gradient.count, largestNorm, margin: Self.margin)
    if clipping.isActive {
      for k in 0..<gradient.tangentCount {
        clipping.project(g + (1 + k) * gradient.stride, along: g)
      }
      scale(g, by: Number(clipping.factor), into: g, count: gradient.count)
    }
    base.step(
      number, parameters: parameters, state: state, gradient: gradient,
      coefficients: coefficients, scratch: scratch)
  }

  /// One adjoint back through the step, then through the clipping.
  ///
  /// The clipped gradient stands where its adjoint is to be written: the optimizer reads each number
  /// before it writes it.
  public func pullback<Number: Scalar>(
    _ number: Int, _ record: RecordedStep<Number>, adjoint: OptimizerAdjoint<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>, sums: UnsafeMutablePointer<Double>
  ) {
    let clipping = Clipping(
      record.gradient, count: record.count, largestNorm, margin: Self.margin)
    scale(
      record.gradient, by: Number(clipping.factor), into: adjoint.gradient, count: record.count)
    base.pullback(
      number,
      RecordedStep(
        before: record.before, after: record.after, gradient: UnsafePointer(adjoint.gradient),
        count: record.count), adjoint: adjoint, coefficients: coefficients, scratch: scratch,
      sums: sums)
    if clipping.isActive { clipping.project(adjoint.gradient, along: record.gradient) }
  }
}

/// How a gradient is clipped.
private struct Clipping {
  /// s.
  let factor: Double
  /// Whether the norm is above the largest.
  let isActive: Bool
  /// 1 / (n (n + δ)).
  private let share: Double
  private let count: Int

  init<Number: Scalar>(
    _ g: UnsafePointer<Number>, count: Int, _ largestNorm: Double, margin: Double
  ) {
    let norm = orderedProduct(g, g, count: count).squareRoot()
    // Also where it is NaN: that is for others to find.
    isActive = !(norm + margin <= largestNorm)
    factor = isActive ? largestNorm / (norm + margin) : 1
    share = isActive ? 1 / (norm * (norm + margin)) : 0
    self.count = count
  }

  /// u ← s (u − g ⟨g, u⟩ / (n (n + δ))).
  func project<Number: Scalar>(
    _ u: UnsafeMutablePointer<Number>, along g: UnsafePointer<Number>
  ) {
    let product = orderedProduct(g, u, count: count)
    scale(u, by: Number(factor), into: u, count: count)
    Elementwise.addScaled(g, by: Number(-factor * product * share), to: u, count: count)
  }
}

/// y ← factor · x; y may be x.
@_specialize(where Number == Float)
@_specialize(where Number == Double)
private func scale<Number: Scalar>(
  _ x: UnsafePointer<Number>, by factor: Number, into y: UnsafeMutablePointer<Number>, count: Int
) {
  for i in 0..<count { y[i] = factor * x[i] }
}
