import DynamicModes
import Hypergradients
import Tensors
import Testing

/// Implicit differentiation against solutions written out by hand, and against differences.
@Suite("Implicit hypergradients") struct ImplicitTests {
  private let decay = 0.05

  /// Ridge regression at its minimum, or near it.
  private func window(
    _ settings: ImplicitSettings, from start: [Double]? = nil, steps: Int = 1,
    optimizer: InnerOptimizerKind = .sgd, learningRate: Double = 0.3, momentum: Double = 0.5,
    perLayer: Bool = false, coordinator: any Coordinator = SingleRank()
  ) throws -> (problem: WeightedRidge<Double>, record: WindowRecord) {
    let problem = WeightedRidge<Double>()
    let decays: [Hyperparameter] =
      perLayer
      ? try [decay, 2 * decay].enumerated().map { index, value in
        var one = try Hyperparameter(.weightDecay, value: value, .softplus, isTuned: true)
        one.layer = HyperparameterLayer(index: index, name: "part-\(index)")
        return one
      } : [try Hyperparameter(.weightDecay, value: decay, .softplus, isTuned: true)]
    let fixed: [(HyperparameterName, Double)] =
      optimizer == .sgd
      ? [(.learningRate, learningRate), (.momentum, momentum)]
      : [(.learningRate, learningRate), (.beta1, 0.9), (.beta2, 0.999), (.epsilon, 1e-8)]
    let phi = Hyperparameters(
      decays + fixed.map { Hyperparameter($0.0, fixedAt: $0.1) }, loss: Self.phi)
    let tuner = Tuner(
      problem: problem,
      initialParameters: start
        ?? problem.minimum(Self.phi, decay: layered(perLayer)),
      inner: optimizer.optimizer, hyperparameters: phi, outer: .adam(learningRate: 0.1),
      settings: TuningSettings(
        method: .implicit, steps: steps, window: steps, carry: 0.8, implicit: settings),
      estimation: TailEstimation(tail: 1), coordinator: coordinator)
    return (problem, try #require(try tuner.nextWindow()))
  }

  private static let phi = [0.2, -0.4, 0.1, 0.5, -0.2, 0]

  private func layered(_ perLayer: Bool) -> [Double] {
    [decay, perLayer ? 2 * decay : decay, perLayer ? 2 * decay : decay]
  }

  /// dL̃(θ*(φ))/dφ by central differences of the closed form; the decay's through softplus.
  private func differences(_ problem: WeightedRidge<Double>, perLayer: Bool) -> [Double] {
    func loss(_ phi: [Double], _ decay: [Double]) -> Double {
      problem.validationLoss(problem.minimum(phi, decay: decay))
    }
    let h = 1e-5
    let decays = layered(perLayer)
    let parts = perLayer ? [[0], [1, 2]] : [[0, 1, 2]]
    let ofDecay = parts.map { part -> Double in
      var (up, down) = (decays, decays)
      for i in part { (up[i], down[i]) = (up[i] + h, down[i] - h) }
      let value = decays[part[0]]
      return (loss(Self.phi, up) - loss(Self.phi, down)) / (2 * h) * (1 - exponential(-value))
    }
    return ofDecay
      + Self.phi.indices.map { n in
        var (up, down) = (Self.phi, Self.phi)
        (up[n], down[n]) = (up[n] + h, down[n] - h)
        return (loss(up, decays) - loss(down, decays)) / (2 * h)
      }
  }

  private func exponential(_ x: Double) -> Double { Double.exponential(x) }

  private static let exact = [
    ImplicitSettings(solver: .neumann, steps: 600, damping: 0, stepSize: 0.8),
    ImplicitSettings(solver: .neumann, steps: 4000, damping: 0),
    ImplicitSettings(solver: .cg, steps: 3, damping: 0),
    ImplicitSettings(solver: .cg, steps: 50, damping: 0, minibatches: 3),
    ImplicitSettings(solver: .nystrom, rank: 3, damping: 1e-9),
    ImplicitSettings(solver: .nystrom, rank: 9, damping: 1e-9, minibatches: 2),
  ]

  @Test(arguments: exact, [false, true])
  func ridgeRegressionAtItsMinimum(settings: ImplicitSettings, perLayer: Bool) throws {
    let (problem, record) = try window(settings, perLayer: perLayer)
    let expected = differences(problem, perLayer: perLayer)
    #expect(record.hypergradients.count == expected.count)
    for (found, expected) in zip(record.hypergradients, expected) {
      #expect(abs(found - expected) <= 2e-7, "\(found) for \(expected)")
    }
  }

  /// Adam adds the decay to the gradient too: where it comes to rest is the same point.
  @Test func theOptimizerDoesNotMatter() throws {
    let settings = ImplicitSettings(solver: .cg, steps: 10, damping: 0)
    let sgd = try window(settings).record.hypergradients
    // Adam's first step has its full length wherever it starts: a tiny one.
    let adam = try window(settings, optimizer: .adam, learningRate: 1e-12).record.hypergradients
    for (a, b) in zip(sgd, adam) { #expect(abs(a - b) <= 1e-9) }
  }

  /// K terms of the series, away from the minimum, against sums of matrix powers.
  @Test(arguments: [1, 2, 7], [nil, 0.4])
  func theNeumannSeriesIsCutOff(terms: Int, stepSize: Double?) throws {
    let damping = 0.02
    let settings = ImplicitSettings(
      solver: .neumann, steps: terms, damping: damping, stepSize: stepSize)
    let start = [0.3, -0.6, 0.9]
    let (problem, record) = try window(settings, from: start, learningRate: 1e-9, momentum: 0)
    let alpha = stepSize ?? 1e-9
    var x = [0.0, 0, 0]
    var term = gradient(problem, start)
    for _ in 0..<terms {
      for i in 0..<3 { x[i] += alpha * term[i] }
      let product = hessianProduct(problem, term, damping: damping)
      for i in 0..<3 { term[i] -= alpha * product[i] }
    }
    check(record, problem, at: start, x: x, scale: alpha)
  }

  /// With fewer columns than parameters the answer is that of the damped low-rank matrix.
  @Test func nystromWithFewColumnsIsTheLowRankInverse() throws {
    // One column c of H: H ≈ h hᵀ / h_c + D, whose inverse Sherman and Morrison give.
    let damping = 0.1
    let settings = ImplicitSettings(solver: .nystrom, rank: 1, damping: damping, seed: 4)
    let start = [0.3, -0.6, 0.9]
    let (problem, record) = try window(settings, from: start, learningRate: 1e-9, momentum: 0)
    let b = gradient(problem, start)
    let diagonal = damping + decay
    let candidates = (0..<3).map { c -> [Double] in
      let unit = (0..<3).map { $0 == c ? 1.0 : 0 }
      let column = hessianProduct(problem, unit, damping: -decay)
      let weight =
        zip(column, b).reduce(0) { $0 + $1.0 * $1.1 } / diagonal
        / (column[c] + column.reduce(0) { $0 + $1 * $1 } / diagonal)
      return (0..<3).map { (b[$0] - weight * column[$0]) / diagonal }
    }
    let found = Array(record.hypergradients.suffix(6))
    let matches = candidates.filter { x in
      zip(found, mixed(problem, at: start, x: x)).allSatisfy { abs($0 - $1) <= 1e-7 }
    }
    #expect(matches.count == 1)
  }

  /// One step is the reverse mode over a window's last step, in which every optimizer's rate counts.
  @Test(arguments: [InnerOptimizerKind.sgd, .adam])
  func oneStepIsTheLocalHypergradientOfTheLastStep(kind: InnerOptimizerKind) throws {
    let implicit = TuningSettings(
      method: .implicit, steps: 6, window: 6, implicit: ImplicitSettings(solver: .oneStep))
    let found = try #require(try run(implicit, kind: kind, groups: 2).nextWindow())
    // The same way: five steps with φ where it is, then a window of one.
    let before = try run(
      TuningSettings(method: .none, steps: 5, window: 5), kind: kind, groups: 2)
    _ = try before.nextWindow()
    let last = try run(
      TuningSettings(method: .local, steps: 6, window: 1, mode: .reverse), kind: kind, groups: 2)
    let start = before.state.training
    for (to, from) in zip(last.state.training.jets, start.jets) {
      to.storage.pointer.update(from: from.storage.pointer, count: from.count)
    }
    last.state.training.step = 5
    let expected = try #require(try last.nextWindow())
    #expect(found.hypergradients == expected.hypergradients)
    #expect(found.steps == 1...6)
    #expect(found.observations.map(\.step) == [6])
    #expect(found.trainingLoss.isFinite)
  }

  /// What a longer training converges to is what its minimum says.
  @Test func aLongTrainingComesToTheSamePlace() throws {
    let settings = ImplicitSettings(solver: .cg, steps: 10, damping: 0)
    let (problem, record) = try window(settings, from: [0, 0, 0], steps: 4000)
    for (found, expected) in zip(record.hypergradients, differences(problem, perLayer: false)) {
      #expect(abs(found - expected) <= 2e-7)
    }
    // Of the many steps none but the last was kept or observed.
    #expect(record.observations.count == 1)
  }

  @Test func whereTheCurvatureIsNegativeConjugateGradientsEndOnTheSteepestWay() throws {
    let settings = ImplicitSettings(solver: .cg, steps: 5, damping: 0)
    let problem = QuadraticProblem<Double>(matrix: [-1, 0, 0, -2], parameterCount: 2)
    let phi = Hyperparameters([
      Hyperparameter(.learningRate, fixedAt: 1e-12), Hyperparameter(.momentum, fixedAt: 0),
      try Hyperparameter(.weightDecay, value: 0.01, .identity, isTuned: true),
    ])
    let tuner = Tuner(
      problem: problem, initialParameters: [0.5, 0.25], inner: MomentumDescent(),
      hyperparameters: phi, outer: .adam(learningRate: 0.1),
      settings: TuningSettings(method: .implicit, steps: 1, window: 1, implicit: settings),
      estimation: TailEstimation(tail: 1))
    let record = try #require(try tuner.nextWindow())
    // −θᵀ b with b = θ − c.
    let expected = -(0.5 * (0.5 - 1.1) + 0.25 * (0.25 - 1.15))
    #expect(abs(record.hypergradients[0] - expected) <= 1e-9)
  }

  /// Products that overflow while the losses are finite: a retreat, and not the end of the program.
  @Test(arguments: [ImplicitSolver.neumann, .cg, .nystrom], [Double.infinity, .nan])
  func productsThatAreNotFiniteAreADivergence(solver: ImplicitSolver, spoilt: Double) throws {
    let problem = QuadraticProblem<Double>(parameterCount: 4)
    problem.spoilTangents = { _ in spoilt }
    let phi = Hyperparameters([
      Hyperparameter(.learningRate, fixedAt: 0.1), Hyperparameter(.momentum, fixedAt: 0),
      try Hyperparameter(.weightDecay, value: 0.01, .identity, isTuned: true),
    ])
    let tuner = Tuner(
      problem: problem, initialParameters: [0.5, 0.25, 0, 1], inner: MomentumDescent(),
      hyperparameters: phi, outer: .adam(learningRate: 0.1),
      settings: TuningSettings(
        method: .implicit, steps: 4, window: 2, implicit: ImplicitSettings(solver: solver, rank: 2),
        divergence: DivergenceSettings(retreats: 1)),
      estimation: TailEstimation(tail: 1))
    let error = #expect(throws: DivergenceError.self) { try tuner.nextWindow() }
    #expect(error?.divergence.quantity == .hypergradient && error?.retreats == 1)
  }

  @Test func settingsThatMakeNoSenseAreNamed() {
    let wrong: [(ImplicitSettings, String)] = [
      (ImplicitSettings(steps: 0), "steps"), (ImplicitSettings(rank: 0), "rank"),
      (ImplicitSettings(damping: -1), "damping"), (ImplicitSettings(damping: .nan), "damping"),
      (ImplicitSettings(stepSize: 0), "step size"),
      (ImplicitSettings(minibatches: 0), "minibatches"),
      (ImplicitSettings(solver: .nystrom, damping: 0), "divides"),
    ]
    for (settings, word) in wrong {
      let whole = TuningSettings(method: .implicit, steps: 4, window: 2, implicit: settings)
      #expect(whole.complaint(count: 1)?.sentence.contains(word) == true)
    }
    #expect(
      TuningSettings(method: .local, steps: 4, window: 2, implicit: wrong[0].0)
        .complaint(count: 1) == nil)
  }

  // MARK: - By hand

  /// ∇θ L̃.
  private func gradient(_ problem: WeightedRidge<Double>, _ theta: [Double]) -> [Double] {
    let h = 1e-6
    return (0..<3).map { i in
      var (up, down) = (theta, theta)
      (up[i], down[i]) = (up[i] + h, down[i] - h)
      return (problem.validationLoss(up) - problem.validationLoss(down)) / (2 * h)
    }
  }

  /// (H + λ + ρ) v, by differences of the quadratic's gradient.
  private func hessianProduct(
    _ problem: WeightedRidge<Double>, _ vector: [Double], damping: Double
  ) -> [Double] {
    let (up, down) = (trainingGradient(problem, vector), trainingGradient(problem, [0, 0, 0]))
    return (0..<3).map { up[$0] - down[$0] + (decay + damping) * vector[$0] }
  }

  private func trainingGradient(
    _ problem: WeightedRidge<Double>, _ theta: [Double], phi: [Double] = phi
  ) -> [Double] {
    let h = 1e-4
    return (0..<3).map { i in
      var (up, down) = (theta, theta)
      (up[i], down[i]) = (up[i] + h, down[i] - h)
      return (problem.trainingLoss(up, phi) - problem.trainingLoss(down, phi)) / (2 * h)
    }
  }

  /// −(∂g/∂φ)ᵀ x of the examples' weights.
  private func mixed(
    _ problem: WeightedRidge<Double>, at theta: [Double], x: [Double]
  ) -> [Double] {
    let h = 1e-4
    return Self.phi.indices.map { n in
      var (up, down) = (Self.phi, Self.phi)
      (up[n], down[n]) = (up[n] + h, down[n] - h)
      let (a, b) = (
        trainingGradient(problem, theta, phi: up), trainingGradient(problem, theta, phi: down)
      )
      return -(0..<3).reduce(0) { $0 + (a[$1] - b[$1]) / (2 * h) * x[$1] }
    }
  }

  private func check(
    _ record: WindowRecord, _ problem: WeightedRidge<Double>, at theta: [Double], x: [Double],
    scale: Double
  ) {
    let expected = mixed(problem, at: theta, x: x)
    for (found, expected) in zip(record.hypergradients.suffix(6), expected) {
      #expect(abs(found - expected) <= 1e-6 * scale, "\(found) for \(expected)")
    }
  }
}
