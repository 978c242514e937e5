import Datasets
import Learning
import MessagePassing
import Networks
import Tensors
import Testing

@testable import Hypergradients

/// A short window of a WideResNet on noise, with operands rounded to bfloat16 and without.
@Suite("Windows with rounded operands") struct RoundedWindowTests {
  private static let network = WideResNet(depth: 10, width: 1)

  private func images() -> ImageSet {
    var stream = RandomStream(seed: 2, purpose: .testing)
    return ImageSet(
      name: "noise", height: 32, width: 32, channels: 3, classCount: 10, normalisation: .cifar10,
      pixels: (0..<40 * 3072).map { _ in UInt8(truncatingIfNeeded: stream.bits()) },
      labels: (0..<40).map { UInt8($0 % 10) })
  }

  private func problem(_ compute: ComputePrecision) throws -> ShardedProblem<Float> {
    let images = images()
    return ShardedProblem<Float>(
      Self.network,
      images: SplitImages(
        training: images.selecting(0..<24), validation: images.selecting(24..<36),
        test: images.selecting(36..<40)),
      schedule: try MinibatchSchedule(order: .shuffled, count: 24, batch: 12, seed: 1), shard: 8,
      grid: try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
      summation: .reproducible, compute: compute)
  }

  private func gradient(_ compute: ComputePrecision) throws -> [Double] {
    let initial = Self.network.parameters.initialParameters(seed: 5, as: Float.self)
    var gradient = [Float](repeating: 0, count: initial.count)
    let problem = try problem(compute)
    initial.withUnsafeBufferPointer { parameters in
      gradient.withUnsafeMutableBufferPointer {
        _ = problem.validationGradient(parameters: parameters, gradient: $0)
      }
    }
    return gradient.map(Double.init)
  }

  /// h of three steps: `[steps, columns]`.
  private func hypergradients(_ compute: ComputePrecision) throws -> [Double] {
    let hyperparameters = Hyperparameters([
      Hyperparameter(.learningRate, tunedFrom: -4, .sigmoid),
      try Hyperparameter(.momentum, value: 0.9, .sigmoid, isTuned: false),
      Hyperparameter(.weightDecay, tunedFrom: -7, .sigmoid),
    ])
    let optimizer = MomentumDescent()
    let problem = try problem(compute)
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: optimizer, hyperparameters: hyperparameters), columns: 0..<2
    )
    var state = TrainingState<Float>(
      parameterCount: problem.parameterCount, optimizer: optimizer, tangentCount: 2)
    let initial = Self.network.parameters.initialParameters(seed: 5, as: Float.self)
    _ = state.parameters.primal.update(fromContentsOf: initial)
    return try forward.advance(
      &state, steps: 3, observed: 3, hyperparameters: hyperparameters
    ).hypergradients
  }

  private func cosine(_ x: [Double], _ y: [Double]) -> Double {
    func dot(_ x: [Double], _ y: [Double]) -> Double {
      zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return dot(x, y) / (dot(x, x) * dot(y, y)).squareRoot()
  }

  /// Errors of 4e-3 in every operand of twelve layers add up to a few hundredths at worst, and a
  /// cosine feels their square.
  @Test func gradientsKeepTheirDirection() throws {
    let (full, rounded) = (try gradient(.full), try gradient(.bfloat16))
    #expect(cosine(full, rounded) >= 0.99)
    #expect(full != rounded)
  }

  @Test func hypergradientsKeepTheirDirection() throws {
    let (full, rounded) = (try hypergradients(.full), try hypergradients(.bfloat16))
    #expect(full.count == 6)
    for column in 0..<2 {
      let ours = stride(from: column, to: 6, by: 2).map { rounded[$0] }
      let expected = stride(from: column, to: 6, by: 2).map { full[$0] }
      #expect(cosine(expected, ours) >= 0.99, "column \(column)")
    }
    #expect(full != rounded)
  }
}
