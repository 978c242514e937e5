import Differentiation
import Glibc
import Tensors

/// Adam with bias correction, L2 weight decay added to the gradient as in SGD, and its columns; or
/// AdamW, whose decay is decoupled.
///
/// Kingma and Ba, arXiv 1412.6980, algorithm 1:
///
///     g = g_t + wd θ_{t−1}
///     m_t = β₁ m_{t−1} + (1 − β₁) g          s_t = β₂ s_{t−1} + (1 − β₂) g²
///     m̂ = m_t / (1 − β₁ᵗ)                    ŝ = s_t / (1 − β₂ᵗ)
///     θ_t = θ_{t−1} − lr m̂ / (√ŝ + ε)
///
/// AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2; as PyTorch has it, with lr in front
/// of the decay) leaves wd θ out of g, and shrinks θ instead:
///
///     θ_t = (1 − lr wd) θ_{t−1} − lr m̂ / (√ŝ + ε)
///
/// The columns are the derivatives of these lines. The derivative of √ŝ is defined as 0 where
/// ŝ = 0: there every gradient so far was zero, |g| has a kink, and 0 lies between its two slopes.
/// The two state jets are (m | ṁ) and (s | ṡ).
public struct AdamDescent: InnerOptimizer {
  /// Learning rate, β₁, β₂, ε, weight decay.
  public let hyperparameterNames: [HyperparameterName] = [
    .learningRate, .beta1, .beta2, .epsilon, .weightDecay,
  ]
  /// Two state jets: the mean and the mean square of the gradient.
  public let stateCount = 2
  /// Four numbers per parameter of a block.
  public let scratchCount = 4 * optimizerBlock
  /// True: g cannot be recovered from the moments without loss of precision.
  public let pullbackNeedsGradient = true

  /// Whether the weight decay shrinks θ instead of being added to the gradient: AdamW.
  public let decouplesDecay: Bool
  /// AdamW's decay is no part of a loss.
  public var decaysByGradient: Bool { !decouplesDecay }

  /// Creates the optimizer; every step supplies its hyperparameters.
  public init(decouplesDecay: Bool = false) { self.decouplesDecay = decouplesDecay }

  /// Takes one step in place.
  ///
  /// See the protocol for the parameters.
  public func step<Number: Scalar>(
    _ number: Int, parameters: Jet<Number>, state: [Jet<Number>], gradient: Jet<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>
  ) {
    precondition(number >= 1, "Adam's step \(number): steps are numbered from 1")
    checkShapes(
      parameters: parameters, state: state, gradient: gradient, coefficients: coefficients,
      scratch: scratch)
    advance(
      parameters: parameters, mean: state[0], square: state[1], gradient: gradient,
      coefficients: coefficients, step: number, decouplesDecay: decouplesDecay, scratch: scratch)
  }
}

/// One step over all parameters, block by block so that the primal is read from memory once.
@_specialize(where Number == Float)
@_specialize(where Number == Double)
private func advance<Number: Scalar>(
  parameters: Jet<Number>, mean: Jet<Number>, square: Jet<Number>, gradient: Jet<Number>,
  coefficients: InnerCoefficients, step: Int, decouplesDecay: Bool, scratch: Buffer<Number>
) {
  let theta = parameters.storage.pointer
  let m = mean.storage.pointer
  let s = square.storage.pointer
  let g = UnsafePointer(gradient.storage.pointer)
  let shared = AdamBlock(scratch)
  for (layer, range) in coefficients.layers.enumerated() {
    let rates = AdamCoefficients<Number>(
      coefficients, layer: layer, step: step, decouplesDecay: decouplesDecay)
    var start = range.lowerBound
    while start < range.upperBound {
      let size = min(optimizerBlock, range.upperBound - start)
      prepare(
        size, shared, theta: theta + start, m: m + start, s: s + start, g: g + start, rates)
      for column in 0..<parameters.tangentCount {
        let offset = (1 + column) * parameters.stride + start
        let derivatives = AdamDerivatives(coefficients, column: column, layer: layer, rates)
        advanceMoments(
          size, z: theta + offset, mean: m + offset, square: s + offset, gradient: g + offset,
          theta: theta + start, m: m + start, s: s + start, shared, rates, derivatives)
        if decouplesDecay {
          shrinkColumn(size, z: theta + offset, theta: theta + start, rates, derivatives)
        }
        advanceColumn(
          size, z: theta + offset, mean: m + offset, square: s + offset, m: m + start,
          s: s + start, shared, rates, derivatives)
      }
      if decouplesDecay { shrinkPrimal(size, theta: theta + start, rates) }
      advancePrimal(size, shared, theta: theta + start, m: m + start, s: s + start, rates)
      start += size
    }
  }
}

/// θ ← (1 − lr wd) θ.
@inline(__always)
private func shrinkPrimal<Number: Scalar>(
  _ count: Int, theta: UnsafeMutablePointer<Number>, _ a: AdamCoefficients<Number>
) {
  for i in 0..<count { theta[i] = a.kept * theta[i] }
}

/// Its derivative along a column, while θ is still that of the previous step.
@inline(__always)
private func shrinkColumn<Number: Scalar>(
  _ count: Int, z: UnsafeMutablePointer<Number>, theta: UnsafePointer<Number>,
  _ a: AdamCoefficients<Number>, _ d: AdamDerivatives<Number>
) {
  for i in 0..<count { z[i] = a.kept * z[i] - d.shrinkage * theta[i] }
}

@inline(__always)
private func advancePrimal<Number: Scalar>(
  _ count: Int, _ block: AdamBlock<Number>, theta: UnsafeMutablePointer<Number>,
  m: UnsafeMutablePointer<Number>, s: UnsafeMutablePointer<Number>, _ a: AdamCoefficients<Number>
) {
  for i in 0..<count {
    let primal = block.gradient[i]
    m[i] = a.beta1 * m[i] + a.rest1 * primal
    s[i] = a.beta2 * s[i] + a.rest2 * (primal * primal)
    theta[i] = theta[i] - a.learningRate * block.direction[i]
  }
}

/// Updates ṁ and ṡ of a column; reads Z, θ, m and s of the previous step.
@inline(__always)
private func advanceMoments<Number: Scalar>(
  _ count: Int, z: UnsafePointer<Number>, mean: UnsafeMutablePointer<Number>,
  square: UnsafeMutablePointer<Number>, gradient: UnsafePointer<Number>,
  theta: UnsafePointer<Number>, m: UnsafePointer<Number>, s: UnsafePointer<Number>,
  _ block: AdamBlock<Number>, _ a: AdamCoefficients<Number>, _ d: AdamDerivatives<Number>
) {
  for i in 0..<count {
    let primal = block.gradient[i]
    let tangent = gradient[i] + a.weightDecay * z[i] + d.weightDecay * theta[i]
    mean[i] = a.beta1 * mean[i] + a.rest1 * tangent + d.beta1 * (m[i] - primal)
    square[i] =
      a.beta2 * square[i] + 2 * a.rest2 * primal * tangent + d.beta2 * (s[i] - primal * primal)
  }
}

/// Updates Z of a column from its new ṁ and ṡ.
@inline(__always)
private func advanceColumn<Number: Scalar>(
  _ count: Int, z: UnsafeMutablePointer<Number>, mean: UnsafePointer<Number>,
  square: UnsafePointer<Number>, m: UnsafePointer<Number>, s: UnsafePointer<Number>,
  _ block: AdamBlock<Number>, _ a: AdamCoefficients<Number>, _ d: AdamDerivatives<Number>
) {
  for i in 0..<count {
    let primal = block.gradient[i]
    let newMean = a.beta1 * m[i] + a.rest1 * primal
    let newSquare = a.beta2 * s[i] + a.rest2 * (primal * primal)
    let meanTangent = a.correction1 * mean[i] + d.correction1 * newMean
    let rootTangent =
      (a.correction2 * square[i] + d.correction2 * newSquare) * block.slope[i]
    let direction = block.direction[i]
    let change = (meanTangent - direction * (rootTangent + d.epsilon)) * block.inverse[i]
    z[i] = z[i] - a.learningRate * change - d.learningRate * direction
  }
}
