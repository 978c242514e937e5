import Datasets
import Differentiation
import Hypergradients
import MessagePassing
import Networks
import Tensors
import Testing

@testable import Learning

/// The built-in networks on rows, sequences and tokens, in double precision against differences.
@Suite("Built-in networks on rows, sequences and tokens") struct NetworkModelTests {
  /// A network by name on data of some kind.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let input: ExampleField
    let target: ExampleField
    var vocabulary = 0
    var classes = 0
    var dropout = 0.0

    var testDescription: String { "\(name) on \(input.kind)" }

    func model() throws -> NetworkModel {
      try NetworkModel(
        NetworkName(name), input: input, target: target, vocabulary: vocabulary, classes: classes,
        dropout: dropout)
    }
  }

  static let cases = [
    Case(
      name: "mlp-6-5", input: ExampleField("x", .numbers([4])),
      target: ExampleField("y", .numbers([]))),
    Case(
      name: "mlp-7-ln", input: ExampleField("x", .image(channels: 1, height: 3, width: 4)),
      target: ExampleField("y", .integers([])), classes: 3),
    Case(
      name: "mlp-8", input: ExampleField("x", .numbers([2, 3])),
      target: ExampleField("y", .numbers([2, 2])), dropout: 0.3),
    Case(
      name: "gru-5", input: ExampleField("x", .numbers([6, 2])),
      target: ExampleField("y", .integers([])), classes: 4),
    Case(
      name: "gru-4-3", input: ExampleField("x", .integers([5])),
      target: ExampleField("y", .integers([5])), vocabulary: 6, classes: 6, dropout: 0.2),
    Case(
      name: "transformer-2-8-2", input: ExampleField("x", .integers([5])),
      target: ExampleField("y", .integers([5])), vocabulary: 7, classes: 7),
    Case(
      name: "transformer-1-6-3", input: ExampleField("x", .numbers([4, 3])),
      target: ExampleField("y", .numbers([2])), dropout: 0.25),
  ]

  /// Examples of random numbers, tokens and targets; the first has no target at its first positions.
  struct RandomExamples: Examples {
    let model: Case
    let count: Int
    let seed: UInt64

    var fields: [ExampleField] { [model.input, model.target] }

    func load<Number: Scalar>(
      _ indices: UnsafeBufferPointer<Int>, step: Int?, into fields: FieldVariables<Number>
    ) {
      for (field, kinds) in [(model.input, model.vocabulary), (model.target, model.classes)] {
        for (place, index) in indices.enumerated() {
          var random = RandomStream(
            seed: seed, purpose: .testing, step: index, block: field.name == "x" ? 0 : 1000)
          if case .integers = field.kind {
            let input = fields.integers(field.name)
            let count = input.count / indices.count
            for i in 0..<count {
              let number = Int32(random.integer(below: kinds))
              let ignored = field.name == "y" && index == 0 && count > 1 && i < 2
              input.pointer[place * count + i] = ignored ? -100 : number
            }
          } else {
            let x = fields.numbers(field.name)
            let count = x.count / indices.count
            for i in 0..<count { x.value[place * count + i] = Number(random.normal()) }
          }
        }
      }
    }
  }

  /// A shard of three examples with θ as PyTorch starts, a little shaken so that nothing is 0.
  private final class Shard {
    let tape: ShardTape<Double>
    let examples: RandomExamples
    let start: [Double]

    init(_ model: Case) throws {
      let network = try model.model()
      tape = ShardTape(
        network, [model.input, model.target], count: 3, passes: .tangents, seed: 5)
      examples = RandomExamples(model: model, count: 3, seed: 11)
      var random = RandomStream(seed: 3, purpose: .testing)
      start = network.parameters.initialParameters(seed: 1, as: Double.self).map {
        $0 + 0.2 * random.normal()
      }
    }

    /// Σ c ℓ, its gradient, and the gradient's tangent along a direction.
    func derivatives(
      at theta: [Double], along direction: [Double]
    ) -> (value: Double, gradient: [Double], tangent: [Double]) {
      let p = theta.count
      let (point, ahead) = (Buffer<Double>(count: p), Buffer<Double>(count: p))
      let (gradient, tangent) = (Buffer<Double>(count: p), Buffer<Double>(count: p))
      for i in 0..<p { (point.pointer[i], ahead.pointer[i]) = (theta[i], direction[i]) }
      let seeds = [0.5, 1, 0.75]
      return withExtendedLifetime((point, ahead)) {
        [0, 1, 2].withUnsafeBufferPointer {
          tape.load(examples, $0, step: 4, parameters: point.pointer)
        }
        tape.tape.replay()
        let value = (0..<3).reduce(0) { $0 + seeds[$1] * tape.losses.value[$1] }
        seeds.withUnsafeBufferPointer {
          if let seeds = $0.baseAddress {
            tape.tape.pullback(seed: seeds, into: gradient.pointer)
          }
        }
        _ = tape.tape.tangents(along: ahead.pointer)
        [0, 0, 0].withUnsafeBufferPointer {
          if let still = $0.baseAddress {
            tape.tape.pullbackTangents(seed: still, into: tangent.pointer)
          }
        }
        return (value, Array(gradient.elements), Array(tangent.elements))
      }
    }
  }

  private func random(_ count: Int, seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: .testing)
    return (0..<count).map { _ in stream.normal() }
  }

  private func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  @Test(arguments: cases)
  func derivativesAreThoseOfTheLoss(_ model: Case) throws {
    let shard = try Shard(model)
    let p = shard.start.count
    let direction = random(p, seed: 7).map { $0 / Double(p).squareRoot() }
    let here = shard.derivatives(at: shard.start, along: direction)
    func at(_ t: Double) -> (value: Double, gradient: [Double], tangent: [Double]) {
      shard.derivatives(
        at: zip(shard.start, direction).map { $0 + t * $1 }, along: direction)
    }
    // Fourth order: a distance of 1e-3 leaves about 1e-11 of the next derivatives and of rounding.
    let step = 1e-3
    let (near, far) = ((at(step), at(-step)), (at(2 * step), at(-2 * step)))
    let slope =
      (8 * (near.0.value - near.1.value) - (far.0.value - far.1.value)) / (12 * step)
    let found = zip(here.gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(found - slope) <= 1e-8 * max(1, abs(slope)))
    #expect(abs(slope) >= 1e-5)
    let change = (0..<p).map { i in
      (8 * (near.0.gradient[i] - near.1.gradient[i]) - (far.0.gradient[i] - far.1.gradient[i]))
        / (12 * step)
    }
    #expect(norm(zip(change, here.tangent).map { $0 - $1 }) <= 1e-7 * norm(change))
    #expect(norm(change) >= 1e-4)
  }

  private func problem(_ model: Case) throws -> ShardedProblem<Double> {
    ShardedProblem<Double>(
      try model.model(),
      examples: SplitExamples(
        training: RandomExamples(model: model, count: 12, seed: 1),
        validation: RandomExamples(model: model, count: 7, seed: 2),
        test: RandomExamples(model: model, count: 5, seed: 3)),
      schedule: try MinibatchSchedule(order: .shuffled, count: 12, batch: 6, seed: 7), shard: 2,
      grid: try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
      summation: .reproducible)
  }

  private func hyperparameters(_ shift: [Double] = [0, 0, 0]) -> Hyperparameters {
    Hyperparameters([
      Hyperparameter(.learningRate, tunedFrom: -3 + shift[0], .sigmoid),
      Hyperparameter(.momentum, tunedFrom: 0.5 + shift[1], .sigmoid),
      Hyperparameter(.weightDecay, tunedFrom: -4 + shift[2], .sigmoid),
    ])
  }

  private static let steps = 5

  private func state(
    _ problem: ShardedProblem<Double>, _ model: Case, columns: Int
  ) throws -> TrainingState<Double> {
    let state = TrainingState<Double>(
      parameterCount: problem.parameterCount, optimizer: InnerOptimizerKind.sgd.optimizer,
      tangentCount: columns)
    let start = try model.model().parameters.initialParameters(seed: 1, as: Double.self)
    for i in 0..<problem.parameterCount { state.parameters.primal[i] = start[i] }
    return state
  }

  private func window(_ model: Case, _ all: Hyperparameters) throws -> (loss: Double, h: [Double]) {
    let problem = try problem(model)
    let forward = ForwardColumns(
      InnerTraining(
        problem, optimizer: InnerOptimizerKind.sgd.optimizer, hyperparameters: all),
      columns: 0..<3)
    var state = try state(problem, model, columns: 3)
    let stretch = try forward.advance(
      &state, steps: Self.steps, observed: 1, hyperparameters: all)
    return (try #require(stretch.observations.last).evaluation.loss, stretch.hypergradients)
  }

  /// Columns, adjoints and differences give the same hypergradient; dropout is seen through.
  @Test(arguments: cases)
  func hypergradientsAgree(_ model: Case) throws {
    let h = try window(model, hyperparameters()).h
    let problem = try problem(model)
    let reverse = ReverseAdjoints(
      InnerTraining(
        problem, optimizer: InnerOptimizerKind.sgd.optimizer, hyperparameters: hyperparameters()),
      observed: 1, memoryLimit: 1 << 30)
    var other = try state(problem, model, columns: 0)
    reverse.restart(other, carry: 0, steps: Self.steps)
    let adjoints = try reverse.advance(
      &other, steps: Self.steps, observed: 1, hyperparameters: hyperparameters())
    let scale = h.map(abs).max() ?? 0
    #expect(scale > 1e-5)
    for (a, b) in zip(h, adjoints.hypergradients) { #expect(abs(a - b) <= 1e-10 * scale) }
    let distance = 1e-4
    for column in 0..<3 {
      var shift = [0.0, 0, 0]
      shift[column] = distance
      let up = try window(model, hyperparameters(shift)).loss
      shift[column] = -distance
      let down = try window(model, hyperparameters(shift)).loss
      // The quotient's own error is of the order of the distance's square.
      let difference = (up - down) / (2 * distance)
      #expect(abs(h[column] - difference) <= 1e-6 * scale, "column \(column)")
    }
  }

  @Test func fieldsThatDoNotFitAreRefused() throws {
    func refusal(_ name: String, _ input: ExampleField.Kind, _ target: ExampleField.Kind) throws
      -> String?
    {
      let name = try NetworkName(name)
      let refusal = #expect(throws: NetworkRefusal.self) {
        _ = try NetworkModel(
          name, input: ExampleField("x", input), target: ExampleField("y", target),
          vocabulary: 5, classes: 5)
      }
      return refusal?.description
    }
    #expect(
      try refusal("gru-3", .integers([4]), .integers([3]))
        == "gru-3: it answers once for each example or for each position of its input, and the "
        + "targets are numbers [3]")
    #expect(
      try refusal("gru-3", .integers([4, 2]), .integers([]))
        == "gru-3: it takes tokens in sequences, not numbers [4, 2]")
    #expect(
      try refusal("mlp-3", .numbers([4]), .image(channels: 1, height: 2, width: 2))
        == "mlp-3: it answers classes or numbers, and the targets are numbers [1, 2, 2]")
  }
}
