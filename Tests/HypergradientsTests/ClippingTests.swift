import Differentiation
import Tensors
import Testing

@testable import Hypergradients

/// Clipped gradients: steps against the formula, columns against differences and adjoints.
@Suite("Gradients clipped to a norm") struct ClippingTests {
  /// Between the smallest and the largest gradients of the training below, so that some steps are cut.
  private static let norm = 0.35
  private static let steps = 12

  private func training(
    _ kind: InnerOptimizerKind, _ all: Hyperparameters, norm: Double
  ) -> InnerTraining<PerceptronProblem<Double>> {
    InnerTraining(
      PerceptronProblem<Double>(groups: 2),
      optimizer: ClippedDescent(kind.optimizer, largestNorm: norm), hyperparameters: all)
  }

  private func forward(
    _ kind: InnerOptimizerKind, _ all: Hyperparameters, norm: Double = norm
  ) throws -> Stretch {
    let training = training(kind, all, norm: norm)
    let source = ForwardColumns(training, columns: 0..<all.count)
    var state = start(
      training.problem, kind, from: training.problem.initialParameters, columns: all.count)
    return try source.advance(
      &state, steps: Self.steps, observed: Self.steps, hyperparameters: all)
  }

  private func all(_ kind: InnerOptimizerKind) throws -> Hyperparameters {
    try hyperparameters(kind, tuned: Set(HyperparameterName.allCases), loss: [0.2, -0.1])
  }

  @Test(arguments: InnerOptimizerKind.allCases)
  func columnsAreDerivatives(_ kind: InnerOptimizerKind) throws {
    let all = try all(kind)
    let found = try forward(kind, all)
    let free = try forward(kind, all, norm: 1e9)
    #expect(found.losses != free.losses, "nothing is clipped")
    #expect(try forward(kind, all, norm: 0.05).losses != found.losses)
    // Five-point differences, as `differences` takes them; no step is near the kink.
    let (width, q) = (2e-4, all.count)
    var expected = [Double](repeating: 0, count: Self.steps * q)
    for j in 0..<q {
      for (shift, weight) in [(-2.0, 1.0), (-1, -8), (1, 8), (2, -1)] {
        var moved = all
        moved.raw[j] += shift * width
        let losses = try forward(kind, moved).observations.map(\.evaluation.loss)
        for t in 0..<Self.steps { expected[t * q + j] += weight * losses[t] / (12 * width) }
      }
    }
    #expect(columnError(found.hypergradients, expected, columns: q) <= 1e-6)
  }

  @Test(arguments: InnerOptimizerKind.allCases, [1000, 1 << 30])
  func adjointsAgree(_ kind: InnerOptimizerKind, memoryLimit: Int) throws {
    let all = try all(kind)
    let training = training(kind, all, norm: Self.norm)
    let reverse = ReverseAdjoints(training, observed: Self.steps, memoryLimit: memoryLimit)
    var state = start(
      training.problem, kind, from: training.problem.initialParameters, columns: 0)
    reverse.restart(state, carry: 0, steps: Self.steps)
    let adjoints = try reverse.advance(
      &state, steps: Self.steps, observed: Self.steps, hyperparameters: all)
    let rows = (0..<Self.steps).reversed().flatMap { row in
      adjoints.hypergradients[row * all.count..<(row + 1) * all.count]
    }
    let columns = try forward(kind, all).hypergradients
    #expect(columnError(Array(rows), columns, columns: all.count) <= 1e-10)
  }

  /// PyTorch's formula on a gradient of norm 5.
  @Test(arguments: [2.5, 5.1])
  func aStepIsTheFormula(_ norm: Double) throws {
    let all = try hyperparameters(.sgd, tuned: [])
    let theta = Jet<Double>(count: 2, tangentCount: 0)
    let g = Jet<Double>(count: 2, tangentCount: 0)
    (g.primal[0], g.primal[1]) = (3, -4)
    ClippedDescent(MomentumDescent(), largestNorm: norm).step(
      1, parameters: theta, state: [Jet(count: 2, tangentCount: 0)], gradient: g,
      coefficients: InnerCoefficients(all, columns: [], layers: [0..<2]),
      scratch: Buffer(count: 0))
    let scale = min(1, norm / (5 + 1e-6))
    // The learning rate comes back from its own transform.
    #expect(abs(theta.primal[0] + 0.07 * scale * 3) <= 1e-15)
    #expect(abs(theta.primal[1] - 0.07 * scale * 4) <= 1e-15)
  }
}
