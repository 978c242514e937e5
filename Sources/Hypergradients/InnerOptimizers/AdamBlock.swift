import Glibc
import Tensors

/// The primal's quantities shared by all columns of a block, so roots and quotients are computed
/// once.
struct AdamBlock<Number: Scalar> {
  /// g including weight decay.
  let gradient: UnsafeMutablePointer<Number>
  /// 1/(√ŝ + ε).
  let inverse: UnsafeMutablePointer<Number>
  /// 1/(2√ŝ), the derivative of the root; 0 where ŝ = 0.
  let slope: UnsafeMutablePointer<Number>
  /// m̂/(√ŝ + ε).
  let direction: UnsafeMutablePointer<Number>

  init(_ scratch: Buffer<Number>) {
    gradient = scratch.pointer
    inverse = scratch.pointer + optimizerBlock
    slope = scratch.pointer + 2 * optimizerBlock
    direction = scratch.pointer + 3 * optimizerBlock
  }
}

/// The bias corrections of a layer's moments in one step; their logarithms and powers are computed
/// once for all blocks and columns.
struct BiasCorrection {
  /// 1/(1 − βᵗ), without cancellation where β is close to 1.
  let value: Double
  /// d/dβ 1/(1 − βᵗ) = t βᵗ⁻¹ / (1 − βᵗ)².
  let derivative: Double

  init(_ beta: Double, step: Int) {
    value = 1 / -expm1(Double(step) * log(beta))
    derivative = Double(step) * pow(beta, Double(step - 1)) * value * value
  }
}

/// The coefficients that do not depend on the parameter, in the precision of training.
struct AdamCoefficients<Number: Scalar> {
  let learningRate, beta1, beta2, epsilon: Number
  /// The weight decay that is added to the gradient; 0 if it is decoupled.
  let weightDecay: Number
  /// The decoupled weight decay, and 1 − lr wd; 0 and 1 without one.
  let decoupledDecay, kept: Number
  /// Whether weight decay is decoupled.
  let decouples: Bool
  /// 1 − β₁ and 1 − β₂, subtracted in double precision before rounding.
  let rest1, rest2: Number
  /// 1/(1 − β₁ᵗ) and 1/(1 − β₂ᵗ).
  let correction1, correction2: Number
  /// Their derivatives with respect to β₁ and β₂, for the columns.
  let slope1, slope2: Double

  init(
    _ coefficients: InnerCoefficients, layer: Int, step: Int, decouplesDecay: Bool
  ) {
    let beta1 = coefficients.value(.beta1, layer: layer)
    let beta2 = coefficients.value(.beta2, layer: layer)
    let (first, second) = (BiasCorrection(beta1, step: step), BiasCorrection(beta2, step: step))
    learningRate = Number(coefficients.value(.learningRate, layer: layer))
    self.beta1 = Number(beta1)
    self.beta2 = Number(beta2)
    epsilon = Number(coefficients.value(.epsilon, layer: layer))
    let decay = coefficients.value(.weightDecay, layer: layer)
    decouples = decouplesDecay
    weightDecay = decouplesDecay ? 0 : Number(decay)
    decoupledDecay = decouplesDecay ? Number(decay) : 0
    kept =
      decouplesDecay
      ? Number(1 - coefficients.value(.learningRate, layer: layer) * decay) : 1
    rest1 = Number(1 - beta1)
    rest2 = Number(1 - beta2)
    (correction1, correction2) = (Number(first.value), Number(second.value))
    (slope1, slope2) = (first.derivative, second.derivative)
  }
}

/// The derivatives of the same coefficients along one column; at most one is non-zero.
struct AdamDerivatives<Number: Scalar> {
  let learningRate, beta1, beta2, epsilon, weightDecay, correction1, correction2: Number
  /// Of lr wd, where the decay is decoupled.
  let shrinkage: Number

  init(
    _ coefficients: InnerCoefficients, column: Int, layer: Int, _ rates: AdamCoefficients<Number>
  ) {
    let own = coefficients.own(column: column, layer: layer)
    func derivative(_ name: HyperparameterName) -> Double {
      own?.name == name ? own?.derivative ?? 0 : 0
    }
    learningRate = Number(derivative(.learningRate))
    beta1 = Number(derivative(.beta1))
    beta2 = Number(derivative(.beta2))
    epsilon = Number(derivative(.epsilon))
    weightDecay = rates.decouples ? 0 : Number(derivative(.weightDecay))
    shrinkage =
      Number(derivative(.learningRate)) * rates.decoupledDecay
      + (rates.decouples ? rates.learningRate * Number(derivative(.weightDecay)) : 0)
    correction1 = Number(derivative(.beta1) * rates.slope1)
    correction2 = Number(derivative(.beta2) * rates.slope2)
  }
}

/// Fills the block's shared quantities; reads θ, m and s of the previous step.
@inline(__always)
func prepare<Number: Scalar>(
  _ count: Int, _ block: AdamBlock<Number>, theta: UnsafePointer<Number>,
  m: UnsafePointer<Number>, s: UnsafePointer<Number>, g: UnsafePointer<Number>,
  _ a: AdamCoefficients<Number>
) {
  for i in 0..<count {
    let primal = g[i] + a.weightDecay * theta[i]
    block.gradient[i] = primal
    block.inverse[i] = a.correction2 * (a.beta2 * s[i] + a.rest2 * (primal * primal))
  }
  // A separate loop: the compiler does not vectorise a root, which might report a negative operand,
  // and would leave the rest of the loop scalar with it.
  for i in 0..<count { block.slope[i] = block.inverse[i].squareRoot() }
  for i in 0..<count {
    let root = block.slope[i]
    let inverse = 1 / (root + a.epsilon)
    let mean = a.beta1 * m[i] + a.rest1 * block.gradient[i]
    block.inverse[i] = inverse
    block.direction[i] = a.correction1 * mean * inverse
    // One over infinity gives the 0 of the definition without a branch.
    let double = root > 0 ? 2 * root : .infinity
    block.slope[i] = 1 / double
  }
}
