import Differentiation
import Tensors

/// Stochastic gradient descent with momentum and weight decay, and its columns.
///
/// Without dampening and without Nesterov's step (paper, section 4.1):
///
///     v_t = μ v_{t−1} + g_t + wd θ_{t−1}
///     θ_t = θ_{t−1} − lr v_t
///
/// and, ′ being the derivative of a value with respect to the column's φ_j,
///
///     Ċ_t = μ C_{t−1} + ġ_t + wd Z_{t−1} + μ′ v_{t−1} + wd′ θ_{t−1}
///     Ż_t = Z_{t−1} − lr Ċ_t − lr′ v_t
///
/// The single state jet is (v | C).
public struct MomentumDescent: InnerOptimizer {
  /// Learning rate, momentum, weight decay.
  public let hyperparameterNames: [HyperparameterName] = [.learningRate, .momentum, .weightDecay]
  /// One state jet: the velocity.
  public let stateCount = 1
  /// Needs no scratch memory.
  public let scratchCount = 0
  /// False: the velocities before and after a step determine the gradient.
  public let pullbackNeedsGradient = false

  /// Creates the optimizer; every step supplies its hyperparameters.
  public init() {}

  /// Takes one step in place.
  ///
  /// See the protocol for the parameters.
  public func step<Number: Scalar>(
    _ number: Int, parameters: Jet<Number>, state: [Jet<Number>], gradient: Jet<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>
  ) {
    checkShapes(
      parameters: parameters, state: state, gradient: gradient, coefficients: coefficients,
      scratch: scratch)
    advance(
      parameters: parameters, velocity: state[0], gradient: gradient, coefficients: coefficients)
  }
}

/// One step over all parameters, block by block so that the primal is read from memory once.
@_specialize(where Number == Float)
@_specialize(where Number == Double)
private func advance<Number: Scalar>(
  parameters: Jet<Number>, velocity: Jet<Number>, gradient: Jet<Number>,
  coefficients: InnerCoefficients
) {
  let theta = parameters.storage.pointer
  let v = velocity.storage.pointer
  let g = UnsafePointer(gradient.storage.pointer)
  for (layer, range) in coefficients.layers.enumerated() {
    let rates = MomentumCoefficients<Number>(coefficients, layer: layer)
    var start = range.lowerBound
    while start < range.upperBound {
      let size = min(optimizerBlock, range.upperBound - start)
      for column in 0..<parameters.tangentCount {
        let offset = (1 + column) * parameters.stride + start
        if coefficients.isOwn(column: column, layer: layer) {
          advanceOwnColumn(
            size, z: theta + offset, c: v + offset, gradient: g + offset, theta: theta + start,
            v: v + start, g: g + start, rates,
            derivatives: MomentumCoefficients<Number>(
              derivativesOf: coefficients, column: column, layer: layer))
        } else {
          advanceColumn(size, z: theta + offset, c: v + offset, gradient: g + offset, rates)
        }
      }
      advancePrimal(size, theta: theta + start, v: v + start, g: g + start, rates)
      start += size
    }
  }
}

/// lr, μ and wd, or their derivatives along a column, in the precision of training.
struct MomentumCoefficients<Number: Scalar> {
  let learningRate: Number
  let momentum: Number
  let weightDecay: Number

  init(_ coefficients: InnerCoefficients, layer: Int) {
    learningRate = Number(coefficients.value(.learningRate, layer: layer))
    momentum = Number(coefficients.value(.momentum, layer: layer))
    weightDecay = Number(coefficients.value(.weightDecay, layer: layer))
  }

  init(derivativesOf coefficients: InnerCoefficients, column: Int, layer: Int) {
    func derivative(_ name: HyperparameterName) -> Number {
      Number(coefficients.derivative(name, column: column, layer: layer))
    }
    learningRate = derivative(.learningRate)
    momentum = derivative(.momentum)
    weightDecay = derivative(.weightDecay)
  }
}

@inline(__always)
private func advancePrimal<Number: Scalar>(
  _ count: Int, theta: UnsafeMutablePointer<Number>, v: UnsafeMutablePointer<Number>,
  g: UnsafePointer<Number>, _ rates: MomentumCoefficients<Number>
) {
  let (rate, decay, weight) = (rates.learningRate, rates.momentum, rates.weightDecay)
  for i in 0..<count {
    let next = decay * v[i] + g[i] + weight * theta[i]
    v[i] = next
    theta[i] = theta[i] - rate * next
  }
}

/// A column of a loss hyperparameter: the optimizer's values have no derivative along it.
@inline(__always)
private func advanceColumn<Number: Scalar>(
  _ count: Int, z: UnsafeMutablePointer<Number>, c: UnsafeMutablePointer<Number>,
  gradient: UnsafePointer<Number>, _ rates: MomentumCoefficients<Number>
) {
  let (rate, decay, weight) = (rates.learningRate, rates.momentum, rates.weightDecay)
  for i in 0..<count {
    let next = decay * c[i] + gradient[i] + weight * z[i]
    c[i] = next
    z[i] = z[i] - rate * next
  }
}

/// The column of lr, μ or wd; reads `theta` and `v` of the previous step.
@inline(__always)
private func advanceOwnColumn<Number: Scalar>(
  _ count: Int, z: UnsafeMutablePointer<Number>, c: UnsafeMutablePointer<Number>,
  gradient: UnsafePointer<Number>, theta: UnsafePointer<Number>, v: UnsafePointer<Number>,
  g: UnsafePointer<Number>, _ rates: MomentumCoefficients<Number>,
  derivatives: MomentumCoefficients<Number>
) {
  let (rate, decay, weight) = (rates.learningRate, rates.momentum, rates.weightDecay)
  let (rateBy, decayBy, weightBy) = (
    derivatives.learningRate, derivatives.momentum, derivatives.weightDecay
  )
  for i in 0..<count {
    let velocity = decay * v[i] + g[i] + weight * theta[i]
    let next =
      decay * c[i] + gradient[i] + weight * z[i] + (decayBy * v[i] + weightBy * theta[i])
    c[i] = next
    z[i] = z[i] - rate * next - rateBy * velocity
  }
}
