import Datasets
import Learning
import MessagePassing
import Networks
import Tensors
import Testing

@testable import Hypergradients

/// Windows of LeNet in double whose training examples are weighted: differences of whole trainings,
/// and columns against adjoints.
@Suite struct WeightedWindowTests {
  private static let steps = 4

  enum Rule: String, CaseIterable, Sendable {
    case network, classes, spline, classSpline, focal, sigmoid, simplex

    var weighting: any ExampleWeighting {
      switch self {
      case .network: WeightNetwork(hidden: 3)
      case .classes: ClassWeights(classCount: 10)
      case .spline: LossSpline(knots: .usual(classCount: 10))
      case .classSpline:
        ClassSpline(start: (0..<10).map { 0.1 * Double($0) }, knots: .usual(classCount: 10))
      case .focal: FocalWeights(gamma: 2)
      case .sigmoid: ExampleWeights(exampleCount: 20, form: .sigmoid)
      case .simplex: ExampleWeights(exampleCount: 20, form: .simplex)
      }
    }
  }

  private func loss(
    _ rule: Rule, _ input: WeightedLoss.Input, _ reduction: WeightedLoss.Reduction
  ) -> WeightedLoss {
    let weighting = rule.weighting
    return WeightedLoss(
      weighting, input: weighting.goesByLosses ? input : .detached, reduction: reduction)
  }

  private func problem(_ loss: WeightedLoss) throws -> ShardedProblem<Double> {
    let images = Glyphs.images(.train, count: 32, seed: 3)
    return ShardedProblem<Double>(
      LeNet(),
      images: SplitImages(
        training: images.selecting(0..<20), validation: images.selecting(20..<30),
        test: images.selecting(30..<32)),
      schedule: try MinibatchSchedule(order: .shuffled, count: 20, batch: 7, seed: 1), loss: loss,
      shard: 3, grid: try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
      summation: .reproducible)
  }

  private func start(_ loss: WeightedLoss, shift: (column: Int, by: Double)? = nil)
    -> Hyperparameters
  {
    var all = Hyperparameters(
      [
        Hyperparameter(.learningRate, tunedFrom: -2, .sigmoid),
        Hyperparameter(.momentum, fixedAt: 0.6), Hyperparameter(.weightDecay, fixedAt: 0.01),
      ],
      loss: (0..<loss.weighting.hyperparameterCount).map { index -> Double in
        let step = (index * 37 + 11) % 19
        return 0.9 * (Double(step) / 9.5 - 1)
      })
    if let shift { all.raw[shift.column] += shift.by }
    return all
  }

  private func state(_ problem: ShardedProblem<Double>, columns: Int) -> TrainingState<Double> {
    let state = TrainingState<Double>(
      parameterCount: problem.parameterCount, optimizer: MomentumDescent(), tangentCount: columns)
    let initial = LeNet().parameters.initialParameters(seed: 5, as: Double.self)
    _ = state.parameters.primal.update(fromContentsOf: initial)
    return state
  }

  private func forward(
    _ loss: WeightedLoss, _ all: Hyperparameters, columns: Range<Int>
  ) throws -> Stretch {
    let problem = try problem(loss)
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: MomentumDescent(), hyperparameters: all), columns: columns)
    var state = state(problem, columns: columns.count)
    return try forward.advance(
      &state, steps: Self.steps, observed: Self.steps, hyperparameters: all)
  }

  /// See ImageWindowTests for the step and what it leaves: 5e-9.
  @Test(arguments: WeightedLoss.Input.allCases, WeightedLoss.Reduction.allCases)
  func columnsAreDerivatives(
    input: WeightedLoss.Input, reduction: WeightedLoss.Reduction
  ) throws {
    let loss = loss(.network, input, reduction)
    let all = start(loss)
    let q = all.count
    #expect(q == 11)
    let found = try forward(loss, all, columns: 0..<q)
    // The learning rate and one of each of the weight network's tensors.
    for column in [0, 2, 5, 8, 10] {
      let step = 2e-7
      func losses(_ distance: Double) throws -> [Double] {
        try forward(loss, start(loss, shift: (column, distance * step)), columns: 0..<0)
          .observations.map(\.evaluation.loss)
      }
      let near = zip(try losses(1), try losses(-1)).map { $0 - $1 }
      let far = zip(try losses(2), try losses(-2)).map { $0 - $1 }
      let expected = zip(near, far).map { (8 * $0 - $1) / (12 * step) }
      let largest = expected.map(abs).max() ?? 0
      for row in 0..<Self.steps {
        let error = abs(found.hypergradients[row * q + column] - expected[row])
        #expect(error <= 1e-5 * largest + 5e-9, "column \(column), step \(row + 1)")
      }
      #expect(largest > 1e-6, "a column of zeros checks nothing")
    }
  }

  @Test(
    arguments: Rule.allCases.flatMap { rule in
      WeightedLoss.Input.allCases.filter { rule.weighting.goesByLosses || $0 == .detached }
        .flatMap { input in WeightedLoss.Reduction.allCases.map { (rule, input, $0) } }
    })
  func adjointsAgreeWithColumns(
    rule: Rule, input: WeightedLoss.Input, reduction: WeightedLoss.Reduction
  ) throws {
    let loss = loss(rule, input, reduction)
    let all = start(loss)
    let q = all.count
    let columns = try forward(loss, all, columns: 0..<q)
    let problem = try problem(loss)
    let reverse = ReverseAdjoints(
      InnerTraining(problem, optimizer: MomentumDescent(), hyperparameters: all),
      observed: Self.steps, memoryLimit: 1 << 30)
    var state = state(problem, columns: 0)
    reverse.restart(state, carry: 0, steps: Self.steps)
    let adjoints = try reverse.advance(
      &state, steps: Self.steps, observed: Self.steps, hyperparameters: all)
    #expect(adjoints.losses == columns.losses)
    let rows = (0..<Self.steps).reversed().flatMap {
      adjoints.hypergradients[$0 * q..<($0 + 1) * q]
    }
    // Two orders of a few thousand operations in double precision; every class must matter.
    let scale = columns.hypergradients.map(abs).max() ?? 0
    let worst = zip(rows, columns.hypergradients).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(scale > 1e-5)
    #expect(worst <= 1e-10 * scale)
  }
}
