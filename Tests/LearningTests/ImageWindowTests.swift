import Datasets
import Differentiation
import Learning
import MessagePassing
import Networks
import Tensors
import Testing

@testable import Hypergradients

/// A whole window of LeNet on glyphs in double: the engine, the shards and the optimizers together.
@Suite struct ImageWindowTests {
  private static let steps = 3

  private func problem() throws -> ShardedProblem<Double> {
    let images = Glyphs.images(.train, count: 32, seed: 3)
    let parts = SplitImages(
      training: images.selecting(0..<20), validation: images.selecting(20..<30),
      test: images.selecting(30..<32))
    // 7 images in shards of 4: the last one is smaller.
    return ShardedProblem<Double>(
      LeNet(), images: parts,
      schedule: try MinibatchSchedule(order: .shuffled, count: 20, batch: 7, seed: 1), shard: 4,
      grid: try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
      summation: .reproducible)
  }

  private func start(_ kind: InnerOptimizerKind, _ shift: [Double]) -> Hyperparameters {
    let names: [(HyperparameterName, Double)] =
      switch kind {
      case .sgd: [(.learningRate, -2), (.momentum, 0.4), (.weightDecay, -3)]
      case .adam, .adamW:
        [(.learningRate, -5), (.beta1, 1), (.beta2, 3), (.epsilon, -4), (.weightDecay, -4)]
      }
    return Hyperparameters(
      zip(names, shift).map { name, shift in
        Hyperparameter(name.0, tunedFrom: name.1 + shift, .sigmoid)
      })
  }

  /// The observed steps and h of a window from fixed initial parameters.
  private func window(
    _ kind: InnerOptimizerKind, shift: [Double], observed: Int
  ) throws -> (losses: [Double], h: [Double]) {
    let problem = try problem()
    let hyperparameters = start(kind, shift)
    let columns = 0..<hyperparameters.count
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: kind.optimizer, hyperparameters: hyperparameters),
      columns: columns)
    var state = TrainingState<Double>(
      parameterCount: problem.parameterCount, optimizer: kind.optimizer,
      tangentCount: columns.count)
    let initial = LeNet().parameters.initialParameters(seed: 5, as: Double.self)
    for (i, number) in initial.enumerated() { state.parameters.primal[i] = number }
    let stretch = try forward.advance(
      &state, steps: Self.steps, observed: observed, hyperparameters: hyperparameters)
    return (stretch.observations.map(\.evaluation.loss), stretch.hypergradients)
  }

  /// The gradient of a network with rectifiers and pooling jumps at its kinks, so the step has to be
  /// small: 2e-7 crosses none here, and leaves 1e-9 of rounding beside hypergradients of 1e-5 and
  /// more.
  @Test(arguments: InnerOptimizerKind.allCases)
  func hypergradientsAreTheDerivativesOfTheValidationLoss(_ kind: InnerOptimizerKind) throws {
    let q = kind == .sgd ? 3 : 5
    let none = [Double](repeating: 0, count: q)
    let found = try window(kind, shift: none, observed: Self.steps)
    #expect(found.h.count == Self.steps * q)
    for column in 0..<q {
      let step = 2e-7
      func losses(_ distance: Double) throws -> [Double] {
        var shift = none
        shift[column] = distance * step
        return try window(kind, shift: shift, observed: Self.steps).losses
      }
      let (near, far) = (
        zip(try losses(1), try losses(-1)).map { $0 - $1 },
        zip(try losses(2), try losses(-2)).map { $0 - $1 }
      )
      let expected = zip(near, far).map { (8 * $0 - $1) / (12 * step) }
      let largest = expected.map(abs).max() ?? 0
      for row in 0..<Self.steps {
        let error = abs(found.h[row * q + column] - expected[row])
        #expect(error <= 1e-5 * largest + 5e-9, "column \(column), step \(row + 1)")
      }
      #expect(largest > 1e-6, "a column of zeros checks nothing")
    }
  }
}
