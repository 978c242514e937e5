import Differentiation
import Hypergradients
import Tensors
import Testing

/// What must hold of the columns of a window apart from being derivatives.
struct ColumnTests {
  private func run<Problem: InnerProblem>(
    _ problem: Problem, _ kind: InnerOptimizerKind, _ parameters: [Problem.Number],
    _ all: Hyperparameters, columns: Range<Int>, windows: [(steps: Int, carry: Double)]
  ) throws -> (h: [Double], state: TrainingState<Problem.Number>) {
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: kind.optimizer, hyperparameters: all), columns: columns)
    var state = start(problem, kind, from: parameters, columns: columns.count)
    var h: [Double] = []
    for window in windows {
      state.scaleTangents(by: window.carry)
      let stretch = try forward.advance(
        &state, steps: window.steps, observed: window.steps, hyperparameters: all)
      h += stretch.hypergradients
    }
    return (h, state)
  }

  @Test(
    arguments: InnerOptimizerKind.allCases, [[0, 2, 8], [0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 8]])
  func anySplitOfTheColumnsGivesTheSameBits(kind: InnerOptimizerKind, bounds: [Int]) throws {
    let problem = PerceptronProblem<Float>(groups: 5)
    let tuned: Set<HyperparameterName> = [.learningRate, .weightDecay, .momentum, .beta1]
    let all = try hyperparameters(kind, tuned: tuned, loss: [0.1, 0.2, -0.3, 0, 0.5])
    let q = all.count
    let whole = try run(
      problem, kind, problem.initialParameters, all, columns: 0..<q,
      windows: [(9, 0), (4, 0.5)])
    var assembled = [Double](repeating: .nan, count: 13 * q)
    let pieces = Array(zip(bounds, bounds.dropFirst()))
    for (lower, upper) in pieces {
      let part = try run(
        problem, kind, problem.initialParameters, all, columns: lower..<upper,
        windows: [(9, 0), (4, 0.5)])
      for t in 0..<13 {
        for j in lower..<upper {
          assembled[t * q + j] = part.h[t * (upper - lower) + j - lower]
        }
      }
    }
    #expect(q == 8)
    #expect(assembled == whole.h)
  }

  @Test(arguments: InnerOptimizerKind.allCases)
  func carryOfOneMakesOneLongWindow(kind: InnerOptimizerKind) throws {
    let problem = PerceptronProblem<Double>()
    let all = try hyperparameters(kind, tuned: Set(HyperparameterName.allCases))
    let q = all.count
    let long = try run(
      problem, kind, problem.initialParameters, all, columns: 0..<q, windows: [(12, 0)])
    let two = try run(
      problem, kind, problem.initialParameters, all, columns: 0..<q, windows: [(7, 0), (5, 1)])
    #expect(two.h == long.h, "a factor of 1 must leave every bit")
  }

  /// The columns obey a linear recursion with a source: what is carried by a factor d adds d times
  /// what a full carry adds to a reset.
  @Test(arguments: InnerOptimizerKind.allCases, [0.25, 0.9])
  func carryIsLinear(kind: InnerOptimizerKind, decay: Double) throws {
    let problem = PerceptronProblem<Double>()
    let all = try hyperparameters(kind, tuned: Set(HyperparameterName.allCases))
    let q = all.count
    func second(_ carry: Double) throws -> [Double] {
      let result = try run(
        problem, kind, problem.initialParameters, all, columns: 0..<q,
        windows: [(6, 0), (5, carry)])
      return Array(result.h.suffix(5 * q))
    }
    let (reset, full, decayed) = (try second(0), try second(1), try second(decay))
    let expected = zip(reset, full).map { $0 + decay * ($1 - $0) }
    #expect(columnError(reset, full, columns: q) >= 1e-3, "the carry must matter here")
    // Rounding of eleven steps.
    #expect(columnError(decayed, expected, columns: q) <= 1e-12)
  }

  /// Plain descent on ½ a (θ − c)² has θ_t = c + (1 − lr a)^t (θ₀ − c).
  @Test func descentOnAParabolaHasItsClosedForm() throws {
    let problem = ParabolaProblem(curvature: 0.7, center: 2)
    let rate = 0.3
    let all = Hyperparameters([
      try Hyperparameter(.learningRate, value: rate, .exp, isTuned: true),
      try Hyperparameter(.momentum, value: 0, .sigmoid, isTuned: false),
      try Hyperparameter(.weightDecay, value: 0, .identity, isTuned: true),
    ])
    let steps = 10
    let result = try run(problem, .sgd, [5], all, columns: 0..<2, windows: [(steps, 0)])
    for t in 1...steps {
      let n = Double(t)
      let factor = 1 - rate * 0.7
      func power(_ exponent: Int) -> Double { (0..<exponent).reduce(1) { p, _ in p * factor } }
      let theta = 2 + power(t) * 3
      // L̃ = θ²/2. The decay moves the fixed point to a c/(a + wd) and the factor to 1 − lr (a + wd).
      let byRate = -n * 0.7 * power(t - 1) * 3 * rate
      let byDecay = -2 / 0.7 * (1 - power(t)) - n * rate * power(t - 1) * 3
      // Ten steps of rounding on numbers below 50.
      #expect(abs(result.h[2 * (t - 1)] - theta * byRate) <= 1e-12)
      #expect(abs(result.h[2 * (t - 1) + 1] - theta * byDecay) <= 1e-12)
    }
  }

  @Test(arguments: InnerOptimizerKind.allCases)
  func floatFollowsDouble(kind: InnerOptimizerKind) throws {
    let all = try hyperparameters(
      kind, tuned: Set(HyperparameterName.allCases), loss: [0.1, -0.2])
    let exact = PerceptronProblem<Double>(groups: 2)
    let rounded = PerceptronProblem<Float>(groups: 2)
    let q = all.count
    let a = try run(
      exact, kind, exact.initialParameters, all, columns: 0..<q, windows: [(12, 0)])
    let b = try run(
      rounded, kind, rounded.initialParameters, all, columns: 0..<q, windows: [(12, 0)])
    // Single-precision rounding, 6e-8, over twelve steps of a map that magnifies it about tenfold.
    #expect(columnError(b.h, a.h, columns: q) <= 2e-5)
  }
}

/// L = ½ a (θ − c)², L̃ = ½ θ².
private final class ParabolaProblem: InnerProblem {
  let parameterCount = 1
  let curvature, center: Double

  init(curvature: Double, center: Double) {
    self.curvature = curvature
    self.center = center
  }

  func trainingGradient(
    step: Int, parameters: Jet<Double>, hyperparameters: LossHyperparameters,
    gradient: Jet<Double>
  ) throws -> Double {
    let difference = parameters.primal[0] - center
    gradient.primal[0] = curvature * difference
    for k in 0..<parameters.tangentCount {
      gradient.tangent(k)[0] = curvature * parameters.tangent(k)[0]
    }
    return 0.5 * curvature * difference * difference
  }

  func validationGradient(
    parameters: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws -> Evaluation {
    gradient[0] = parameters[0]
    return try evaluate(.validation, parameters: parameters)
  }

  func evaluate(
    _ set: EvaluationSet, parameters: UnsafeBufferPointer<Double>
  ) throws -> Evaluation {
    Evaluation(loss: 0.5 * parameters[0] * parameters[0])
  }
}
