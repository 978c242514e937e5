import Hypergradients
import Testing

/// Adjoints against columns: two recursions with nothing in common but the formulas they come from.
struct ReverseTests {
  /// Two orders of the same few hundred operations in double precision.
  private let tolerance = 1e-10

  /// One stretch, observed at the end, by columns and by adjoints within a memory limit.
  private func compare(
    _ kind: InnerOptimizerKind, _ all: Hyperparameters, groups: Int, steps: Int, observed: Int,
    memoryLimit: Int, schedule: RateSchedule = RateSchedule()
  ) throws -> (error: Double, plan: TrajectoryPlan) {
    let problem = PerceptronProblem<Double>(groups: groups)
    let q = all.count
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: kind.optimizer, hyperparameters: all, schedule: schedule),
      columns: 0..<q)
    var state = start(problem, kind, from: problem.initialParameters, columns: q)
    let columns = try forward.advance(
      &state, steps: steps, observed: observed, hyperparameters: all)

    let reverse = ReverseAdjoints(
      InnerTraining(problem, optimizer: kind.optimizer, hyperparameters: all, schedule: schedule),
      observed: observed, memoryLimit: memoryLimit)
    var other = start(problem, kind, from: problem.initialParameters, columns: 0)
    reverse.restart(other, carry: 0, steps: steps)
    let adjoints = try reverse.advance(
      &other, steps: steps, observed: observed, hyperparameters: all)
    #expect(Array(other.primal) == Array(state.primal))
    #expect(adjoints.losses == columns.losses)
    // Rows come from the last one on.
    let rows = (0..<observed).reversed().flatMap { row in
      adjoints.hypergradients[row * q..<(row + 1) * q]
    }
    let scale = columns.hypergradients.map(abs).max() ?? 0
    #expect(scale > 1e-4, "zeros would check nothing")
    return (
      columnError(Array(rows), columns.hypergradients, columns: q), reverse.plan(steps: steps)
    )
  }

  @Test(arguments: InnerOptimizerKind.allCases, [1, 4, 17])
  func adjointsAgreeWithColumns(kind: InnerOptimizerKind, observed: Int) throws {
    let all = try hyperparameters(
      kind, tuned: Set(HyperparameterName.allCases), loss: [0.2, -0.1, 0.4])
    let (error, plan) = try compare(
      kind, all, groups: 3, steps: 17, observed: observed, memoryLimit: 1 << 30)
    #expect(!plan.recomputes)
    #expect(error <= tolerance)
  }

  /// A rate that changes from step to step, also where the steps are trained twice.
  @Test(arguments: InnerOptimizerKind.allCases, [1000, 1 << 30])
  func schedulesGoBackToo(kind: InnerOptimizerKind, memoryLimit: Int) throws {
    let all = try hyperparameters(kind, tuned: Set(HyperparameterName.allCases))
    let (error, _) = try compare(
      kind, all, groups: 0, steps: 20, observed: 6, memoryLimit: memoryLimit,
      schedule: RateSchedule(.cosine, steps: 25, warmup: 4))
    #expect(error <= tolerance)
  }

  @Test func aCosineFallsFromOneToNothing() {
    let schedule = RateSchedule(.cosine, steps: 40)
    #expect(schedule.factor(step: 0) == 1)
    // A cosine's rounding.
    #expect(abs(schedule.factor(step: 20) - 0.5) <= 1e-15)
    #expect(abs(schedule.factor(step: 40)) <= 1e-15)
    #expect(RateSchedule().factor(step: 7) == 1)
  }

  @Test func aWarmupRisesInALine() {
    let constant = RateSchedule(.constant, steps: 40, warmup: 4)
    #expect((0..<6).map { constant.factor(step: $0) } == [0.25, 0.5, 0.75, 1, 1, 1])
    #expect(!constant.isConstant && RateSchedule(.constant, steps: 40).isConstant)
    let cosine = RateSchedule(.cosine, steps: 44, warmup: 4)
    #expect((0..<5).map { cosine.factor(step: $0) } == [0.25, 0.5, 0.75, 1, 1])
    for step in 4..<44 {
      #expect(cosine.factor(step: step) == RateSchedule(.cosine, steps: 40).factor(step: step - 4))
    }
  }

  /// A subset of the optimizer's hyperparameters, and none of the loss.
  @Test(arguments: InnerOptimizerKind.allCases)
  func subsetsAgree(kind: InnerOptimizerKind) throws {
    let all = try hyperparameters(kind, tuned: [.weightDecay, .beta2])
    let (error, _) = try compare(
      kind, all, groups: 0, steps: 9, observed: 5, memoryLimit: 1 << 30)
    #expect(error <= tolerance)
  }

  /// Sixteen parameters in double precision: 256 bytes of SGD's state, 384 of Adam's.
  @Test(arguments: InnerOptimizerKind.allCases, [1, 6, 20])
  func trainingTwiceChangesNothing(kind: InnerOptimizerKind, observed: Int) throws {
    let all = try hyperparameters(
      kind, tuned: Set(HyperparameterName.allCases), loss: [0.2, -0.1])
    let (error, plan) = try compare(
      kind, all, groups: 2, steps: 20, observed: observed, memoryLimit: 1000)
    #expect(plan.recomputes && plan.segment == (kind == .sgd ? 5 : 4))
    #expect(error <= tolerance)
  }

  @Test(arguments: InnerOptimizerKind.allCases, [1000, 1 << 30])
  func everyLayerCanHaveItsOwn(kind: InnerOptimizerKind, memoryLimit: Int) throws {
    let (error, _) = try compare(
      kind, try layered(kind), groups: 0, steps: 12, observed: 6, memoryLimit: memoryLimit)
    #expect(error <= tolerance)
  }

  /// Columns of single layers against differences, and their sum against the column of all layers.
  @Test(arguments: InnerOptimizerKind.allCases)
  func layersAddUp(kind: InnerOptimizerKind) throws {
    let problem = PerceptronProblem<Double>()
    let (own, shared) = (try layered(kind), try hyperparameters(kind, tuned: [.learningRate]))
    func columns(_ all: Hyperparameters) throws -> [Double] {
      let forward = ForwardColumns(
        InnerTraining(problem, optimizer: kind.optimizer, hyperparameters: all),
        columns: 0..<all.count)
      var state = start(problem, kind, from: problem.initialParameters, columns: all.count)
      return try forward.advance(&state, steps: 9, observed: 9, hyperparameters: all)
        .hypergradients
    }
    let found = try columns(own)
    let expected = try differences(
      problem, kind, from: problem.initialParameters, own, steps: 9)
    // As for other columns: see WindowTests.
    #expect(columnError(found, expected, columns: own.count) <= 1e-7)
    let rates = own.columns(of: .learningRate)
    #expect(rates.count == 2)
    let sums = (0..<9).map { row in rates.reduce(0) { $0 + found[row * own.count + $1] } }
    #expect(columnError(sums, try columns(shared), columns: 1) <= tolerance)
  }

  /// The learning rate of each of the perceptron's two layers, and a weight decay of both.
  private func layered(_ kind: InnerOptimizerKind) throws -> Hyperparameters {
    let all = try hyperparameters(kind, tuned: [.learningRate, .weightDecay])
    return Hyperparameters(
      all.optimizer.flatMap { one in
        guard one.name == .learningRate else { return [one] }
        return (0..<2).map { index in
          var own = one
          own.layer = HyperparameterLayer(index: index, name: "layer\(index)")
          return own
        }
      })
  }

  /// All methods, whole runs: the same schedule to rounding.
  @Test(
    arguments: [Method.local, .glocal, .global, .globalRestart, .truncatedGlobal],
    InnerOptimizerKind.allCases)
  func runsAgree(method: Method, kind: InnerOptimizerKind) throws {
    func schedule(_ mode: DifferentiationMode) throws -> [[Double]] {
      let tuner = try run(
        TuningSettings(
          method: method, steps: 30, window: 6, observed: 4, estimator: .tailMean, outerSteps: 3,
          playoutWindows: 2, mode: mode, trajectoryMemory: 3000),
        kind: kind, groups: 2)
      return try tuner.finish().map(\.after.raw)
    }
    let (forward, reverse) = (try schedule(.forward), try schedule(.reverse))
    #expect(forward.count == reverse.count && forward.count >= 3)
    #expect(forward.first != forward.last)
    for (a, b) in zip(forward, reverse) {
      for (x, y) in zip(a, b) { #expect(abs(x - y) <= 1e-8) }
    }
  }

  @Test func plansFitTheirLimit() {
    let whole = TrajectoryPlan(steps: 50, stateBytes: 100, stepBytes: 100, limit: 5100)
    #expect(whole.segment == 50 && whole.bytes == 5100 && !whole.recomputes)
    let split = TrajectoryPlan(steps: 50, stateBytes: 100, stepBytes: 100, limit: 5099)
    // ⌈√50⌉ = 8 steps and 7 states, and the state after the last step.
    #expect(split.segment == 8 && split.segmentCount == 7 && split.bytes == 1600)
    let adam = TrajectoryPlan(steps: 10000, stateBytes: 300, stepBytes: 400, limit: 100_000)
    #expect(adam.recomputes && adam.bytes < 80_000)
  }

  @Test func costsAreTheDesigns() {
    // q = 385, σ = 20, τ = 50 (method.md, section 3).
    let forward = DifferentiationMode.forward.passes(steps: 50, observed: 20, count: 385)
    let reverse = DifferentiationMode.reverse.passes(steps: 50, observed: 20, count: 385)
    #expect(forward == 50 * 771)
    let all = (31...50).reduce(0) { $0 + $1 }
    #expect(reverse == Double(100 + 2 * all))
    let every = [32, 34, 36, 38, 40, 42, 44, 46, 48, 50].reduce(0, +)
    let half = DifferentiationMode.reverse.passes(steps: 50, observed: 20, count: 3, groups: 2)
    #expect(half == Double(100 + 2 * every))
  }
}
