import Tensors

/// Approximately solves Hᵀ x = b for b = ∇θ L̃ and returns (∂G/∂φ)ᵀ x.
///
/// When x is a linear combination of vectors that were multiplied by the Hessian, the same products
/// have already given their terms of (∂G/∂φ)ᵀ x.
final class ImplicitSolution<Problem: InnerProblem> {
  typealias Number = Problem.Number

  /// b = ∇θ L̃, `[p]`.
  let target: Buffer<Number>
  let training: InnerTraining<Problem>
  let settings: ImplicitSettings
  let hessian: TrainingHessian<Problem>
  /// The residual of b, `[p]`.
  let residual: Buffer<Number>
  /// The conjugate gradient direction, `[p]`.
  let conjugate: Buffer<Number>

  init(_ training: InnerTraining<Problem>, _ settings: ImplicitSettings) {
    self.training = training
    self.settings = settings
    let p = training.problem.parameterCount
    hessian = TrainingHessian(training, settings)
    target = Buffer(count: p)
    residual = Buffer(count: settings.solver == .nystrom ? 0 : p)
    conjugate = Buffer(count: settings.solver == .cg ? p : 0)
  }

  var count: Int { target.count }

  /// (∂G/∂φ)ᵀ x at the current training state, `[q]`.
  ///
  /// - Parameter leaveIfAsked: called before every product, by all ranks together.
  /// - Returns: not finite if the products are not, or if the solver's small system has no
  ///   solution.
  /// - Throws: errors of the problem and of `leaveIfAsked`.
  func mixed(
    _ state: TrainingState<Number>, _ hyperparameters: Hyperparameters,
    leaveIfAsked: () throws -> Void
  ) throws -> [Double] {
    hessian.begin(state)
    let product = { [hessian] in
      try leaveIfAsked()
      return try hessian.multiply(step: state.step, hyperparameters)
    }
    let coefficients = InnerCoefficients(
      hyperparameters, columns: 0..<0, layers: training.problem.layers)
    return switch settings.solver {
    case .neumann: try neumann(coefficients, product)
    case .cg: try conjugateGradients(product)
    case .nystrom:
      try nystrom(coefficients, step: state.step, product) { [hessian, settings] in
        try leaveIfAsked()
        _ = try hessian.multiply(lanes: settings.rank, step: state.step, hyperparameters)
      }
    case .oneStep: preconditionFailure("a single step has no system to solve")
    }
  }
}

// MARK: - The Neumann series

extension ImplicitSolution {
  /// x = A Σ_{k<K} (I − HᵀA)ᵏ b, where A is α, or each layer's own α.
  private func neumann(
    _ coefficients: InnerCoefficients, _ product: () throws -> [Double]
  ) throws -> [Double] {
    var sum: [Double] = []
    residual.pointer.update(from: target.pointer, count: count)
    let term = hessian.vector(0)
    for _ in 0..<settings.steps {
      term.update(from: residual.pointer, count: count)
      for (layer, range) in coefficients.layers.enumerated() {
        Elementwise.scale(
          term + range.lowerBound, by: Number(stepSize(coefficients, layer)), count: range.count)
      }
      let part = try product()
      sum = sum.isEmpty ? part : zip(sum, part).map(+)
      Elementwise.addScaled(hessian.product(0), by: -1, to: residual.pointer, count: count)
    }
    return sum
  }

  private func stepSize(_ coefficients: InnerCoefficients, _ layer: Int) -> Double {
    settings.stepSize
      ?? coefficients.value(.learningRate, layer: layer)
      / (1 + coefficients.value(.momentum, layer: layer))
  }
}

// MARK: - Conjugate gradients

extension ImplicitSolution {
  /// Solves H x = b for a symmetric H in up to K iterations.
  ///
  /// Stops where the curvature along a direction is not positive, since the quadratic has no
  /// minimum there. If that happens in the first iteration, x is b, the direction of steepest
  /// descent.
  private func conjugateGradients(_ product: () throws -> [Double]) throws -> [Double] {
    var sum: [Double] = []
    residual.pointer.update(from: target.pointer, count: count)
    conjugate.pointer.update(from: target.pointer, count: count)
    var square = orderedProduct(residual.pointer, residual.pointer, count: count)
    // A residual below rounding error leaves nothing to solve.
    let unit = Double(Number.ulpOfOne)
    let smallest = square * unit * unit
    for _ in 0..<settings.steps {
      hessian.vector(0).update(from: conjugate.pointer, count: count)
      let part = try product()
      let curvature = orderedProduct(conjugate.pointer, hessian.product(0), count: count)
      // A numerical outcome; the rank that sees all of h reports it as a divergence.
      guard curvature.isFinite else { return part.map { _ in .nan } }
      guard curvature > 0 else { return sum.isEmpty ? part : sum }
      let length = square / curvature
      let step = part.map { length * $0 }
      sum = sum.isEmpty ? step : zip(sum, step).map(+)
      Elementwise.addScaled(
        hessian.product(0), by: Number(-length), to: residual.pointer, count: count)
      let next = orderedProduct(residual.pointer, residual.pointer, count: count)
      if next <= smallest { break }
      Elementwise.scale(conjugate.pointer, by: Number(next / square), count: count)
      Elementwise.add(residual.pointer, to: conjugate.pointer, count: count)
      square = next
    }
    return sum
  }
}

// MARK: - Nyström

extension ImplicitSolution {
  /// Inverts the sum of a low-rank and a diagonal matrix with the Woodbury identity.
  ///
  /// With H ≈ H_c H_cc⁻¹ H_cᵀ + D from K random columns c,
  ///
  ///     x = D⁻¹ (b − H_c (H_cc + H_cᵀ D⁻¹ H_c)⁻¹ H_cᵀ D⁻¹ b)
  ///
  /// D is the damping plus each layer's weight decay.
  private func nystrom(
    _ coefficients: InnerCoefficients, step: Int, _ product: () throws -> [Double],
    _ productsOfAll: () throws -> Void
  ) throws -> [Double] {
    let decays = training.optimizer.decaysByGradient
    let layers = coefficients.layers.enumerated().map { layer, range in
      (
        range,
        settings.damping + (decays ? coefficients.value(.weightDecay, layer: layer) : 0)
      )
    }
    let drawn = NystromColumns<Number>.draw(
      min(settings.rank, count), of: count, seed: settings.seed, step: step)
    for lane in 0..<settings.rank { hessian.vector(lane).update(repeating: 0, count: count) }
    for (lane, index) in drawn.enumerated() { hessian.vector(lane)[index] = 1 }
    try productsOfAll()
    for (lane, index) in drawn.enumerated() {
      for (range, diagonal) in layers where range.contains(index) {
        hessian.product(lane)[index] -= Number(diagonal)
      }
    }
    // The first vector is no longer needed: x overwrites it.
    let solution = hessian.vector(0)
    solution.update(from: target.pointer, count: count)
    scaleByInverse(solution, layers)
    let system = NystromColumns<Number>(
      indices: drawn, columns: drawn.indices.map { UnsafePointer(hessian.product($0)) },
      layers: layers)
    // Non-finite numbers have no solution; h is then not finite either.
    guard let weights = try? system.weights(scaledTarget: solution) else {
      return try product().map { _ in .nan }
    }
    for (lane, weight) in weights.enumerated() {
      for (range, diagonal) in layers {
        Elementwise.addScaled(
          hessian.product(lane) + range.lowerBound, by: Number(-weight / diagonal),
          to: solution + range.lowerBound, count: range.count)
      }
    }
    return try product()
  }

  private func scaleByInverse(
    _ vector: UnsafeMutablePointer<Number>, _ layers: [(Range<Int>, Double)]
  ) {
    for (range, diagonal) in layers {
      Elementwise.scale(vector + range.lowerBound, by: Number(1 / diagonal), count: range.count)
    }
  }
}
