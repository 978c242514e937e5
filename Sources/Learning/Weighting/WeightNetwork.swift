import Glibc
import Tensors

/// A small network that maps an example's loss to its weight (paper, section 4.2, after Shu and
/// others 2019).
///
///     z(ℓ) = Σ_h a_h r(u_h ℓ + b_h) + d        w(ℓ) = 1/(1 + e^(−z))
///
/// with a leaky rectifier r. φ holds u `[hidden]`, b `[hidden]`, a `[hidden]` and d: the tensors
/// `fc1.weight`, `fc1.bias`, `fc2.weight`, `fc2.bias` one after another, 3 · hidden + 1 numbers.
/// z is piecewise linear in ℓ, so its own second derivative is 0 and
///
///     w′ = s′ κ,  w″ = s″ κ²,  κ = dz/dℓ = Σ_h a_h u_h r′_h,  s the sigmoid.
public struct WeightNetwork: ExampleWeighting, Equatable {
  /// Units of the hidden layer.
  public let hidden: Int
  /// The rectifier's derivative at negative arguments and at 0.
  public let slope: Double

  /// A network 1 → hidden → 1; 128 hidden units make 385 hyperparameters (paper).
  public init(hidden: Int, slope: Double = 0.01) {
    precondition(hidden >= 1, "a weight network with \(hidden) hidden units")
    self.hidden = hidden
    self.slope = slope
  }

  /// 3 · hidden + 1.
  public var hyperparameterCount: Int { 3 * hidden + 1 }

  /// `fc1.weight[0]`, ….
  public var hyperparameterNames: [String] {
    tensors.flatMap { tensor in
      let name = tensor.name.replacing("weightnet.", with: "weight-network.")
      return (0..<tensor.shape.reduce(1, *)).map { "\(name)[\($0)]" }
    }
  }

  /// PyTorch's names, behind `weightnet.`, and shapes; in the order of φ.
  public var tensors: [(name: String, shape: [Int])] {
    [
      ("weightnet.fc1.weight", [hidden, 1]), ("weightnet.fc1.bias", [hidden]),
      ("weightnet.fc2.weight", [1, hidden]),
      ("weightnet.fc2.bias", [1]),
    ]
  }

  /// PyTorch's default for linear layers: uniform in ±1/√(inputs).
  public func initialHyperparameters(seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: .weightNetwork)
    let bound = 1 / Double(hidden).squareRoot()
    return (0..<hyperparameterCount).map { index in
      (2 * stream.uniform() - 1) * (index < 2 * hidden ? 1 : bound)
    }
  }

  /// w(ℓ) alone, for tables.
  public func weight(ofLoss loss: Double, hyperparameters: [Double]) -> Double {
    logistic(evaluate(loss, hyperparameters).z)
  }

  /// The weight at losses from 0 to 10.
  public func table(hyperparameters: [Double]) -> WeightTable {
    .byLoss { weight(ofLoss: $0, hyperparameters: hyperparameters) }
  }

  /// s′ and s″κ of an example.
  public var internalCount: Int { 2 }

  /// Writes weights, slopes and curvatures.
  public func weigh(
    _ examples: WeightedExamples, _ range: Range<Int>, hyperparameters: [Double]
  ) {
    for n in range {
      let (z, kappa) = evaluate(examples.losses[n], hyperparameters)
      let s = logistic(z)
      let first = s * logistic(-z)
      let second = first * (1 - 2 * s)
      examples.weights[n] = s
      examples.slopes[n] = first * kappa
      examples.curvatures[n] = second * kappa * kappa
      examples.internals[2 * n] = first
      examples.internals[2 * n + 1] = second * kappa
    }
  }

  /// ∂w/∂φ_j = s′ ∂z/∂φ_j and ∂w′/∂φ_j = s″ κ ∂z/∂φ_j + s′ ∂κ/∂φ_j.
  public func tangent(
    _ examples: WeightedExamples, _ index: Int, along hyperparameter: Int,
    hyperparameters: [Double]
  ) -> (value: Double, slope: Double) {
    let loss = examples.losses[index]
    let (first, mixed) = (examples.internals[2 * index], examples.internals[2 * index + 1])
    var (z, kappa) = (1.0, 0.0)
    if hyperparameter < 3 * hidden {
      let h = hyperparameter % hidden
      let (u, b, a) = (
        hyperparameters[h], hyperparameters[hidden + h], hyperparameters[2 * hidden + h]
      )
      let argument = u * loss + b
      let side = argument > 0 ? 1 : slope
      switch hyperparameter / hidden {
      case 0: (z, kappa) = (a * side * loss, a * side)
      case 1: (z, kappa) = (a * side, 0)
      default: (z, kappa) = (side * argument, side * u)
      }
    }
    return (first * z, mixed * z + first * kappa)
  }

  /// The same for all of φ at once.
  public func pullback(
    _ examples: WeightedExamples, alpha: UnsafePointer<Double>, beta: UnsafePointer<Double>,
    hyperparameters: [Double], into result: UnsafeMutablePointer<Double>
  ) {
    hyperparameters.withUnsafeBufferPointer { phi in
      for n in 0..<examples.count {
        let loss = examples.losses[n]
        let (first, mixed) = (examples.internals[2 * n], examples.internals[2 * n + 1])
        // The cotangents of z and of κ.
        let z = alpha[n] * first + beta[n] * mixed
        let kappa = beta[n] * first
        for h in 0..<hidden {
          let (u, b, a) = (phi[h], phi[hidden + h], phi[2 * hidden + h])
          let argument = u * loss + b
          let side = argument > 0 ? 1 : slope
          result[h] += a * side * (z * loss + kappa)
          result[hidden + h] += z * a * side
          result[2 * hidden + h] += side * (z * argument + kappa * u)
        }
        result[3 * hidden] += z
      }
    }
  }

  private func evaluate(_ loss: Double, _ phi: [Double]) -> (z: Double, kappa: Double) {
    var (z, kappa) = (phi[3 * hidden], 0.0)
    for h in 0..<hidden {
      let (u, b, a) = (phi[h], phi[hidden + h], phi[2 * hidden + h])
      let argument = u * loss + b
      let side = argument > 0 ? 1 : slope
      z += a * side * argument
      kappa += a * side * u
    }
    return (z, kappa)
  }
}
