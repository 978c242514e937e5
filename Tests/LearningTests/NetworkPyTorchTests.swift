import Foundation
import MessagePassing
import Networks
import Tensors
import Testing

@testable import Datasets
@testable import Hypergradients
@testable import Learning

/// Hypergradients of the built-in networks against PyTorch's, both in double precision.
///
/// `scripts/reference/network_hypergradients.py` has the same formulas for parameters and examples.
@Suite("Networks against PyTorch") struct NetworkPyTorchTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let input: ExampleField.Kind
    let target: ExampleField.Kind
    var vocabulary = 0
    var classes = 0
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "mlp-7-5-ln", input: .numbers([12]), target: .integers([]), classes: 3),
    Case(name: "mlp-6", input: .numbers([4]), target: .numbers([2])),
    Case(name: "gru-5", input: .numbers([6, 2]), target: .integers([]), classes: 4),
    Case(
      name: "gru-4", input: .integers([5]), target: .integers([5]), vocabulary: 6, classes: 6),
    Case(
      name: "transformer-2-8-2", input: .integers([5]), target: .integers([5]), vocabulary: 7,
      classes: 7),
    Case(name: "transformer-1-6-3", input: .numbers([4, 3]), target: .numbers([2])),
  ]

  struct FormulaExamples: Examples {
    let model: Case
    let count: Int
    let shift: Int

    var fields: [ExampleField] {
      [ExampleField("inputs", model.input), ExampleField("targets", model.target)]
    }

    func load<Number: Scalar>(
      _ indices: UnsafeBufferPointer<Int>, step: Int?, into fields: FieldVariables<Number>
    ) {
      for (field, isTarget) in zip(self.fields, [false, true]) {
        for (place, index) in indices.enumerated() {
          let n = index + shift
          switch field.kind {
          case .integers([]):
            fields.integers(field.name).pointer[place] = Int32((5 * n + 1) % model.classes)
          case .integers(let shape):
            let (kinds, first) = (model.vocabulary, isTarget ? n + 3 : n)
            for i in 0..<shape[0] {
              fields.integers(field.name).pointer[place * shape[0] + i] =
                Int32((7 * first + 3 * i + i * i) % kinds)
            }
          default:
            let x = fields.numbers(field.name)
            let count = x.count / indices.count
            for i in 0..<count {
              let angle = (isTarget ? 0.9 : 1.3) * Double(i + 17 * n) + 0.5
              x.value[place * count + i] = Number(Foundation.sin(angle))
            }
          }
        }
      }
    }
  }

  /// The loss and h of a network after five steps.
  private struct Reference: Decodable {
    let loss: Double
    let h: [Double]
  }

  @Test(arguments: cases)
  func hypergradientsArePyTorchs(_ model: Case) throws {
    let url = try #require(
      Bundle.module.url(
        forResource: "network-hypergradients", withExtension: "json",
        subdirectory: "Resources"))
    let all = try JSONDecoder().decode([String: Reference].self, from: Data(contentsOf: url))
    let expected = try #require(all[model.name])
    let network = try NetworkModel(
      NetworkName(model.name),
      for: ExampleDescription(
        input: ExampleField("inputs", model.input), target: ExampleField("targets", model.target),
        vocabulary: model.vocabulary, classes: model.classes))
    let problem = ShardedProblem<Double>(
      network,
      examples: SplitExamples(
        training: FormulaExamples(model: model, count: 12, shift: 0),
        validation: FormulaExamples(model: model, count: 7, shift: 100),
        test: FormulaExamples(model: model, count: 5, shift: 200)),
      schedule: try MinibatchSchedule(order: .sequential, count: 12, batch: 6, seed: 7), shard: 2,
      grid: try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
      summation: .reproducible)
    let hyperparameters = Hyperparameters([
      Hyperparameter(.learningRate, tunedFrom: 0.1, .identity),
      Hyperparameter(.momentum, tunedFrom: 0.5, .identity),
      Hyperparameter(.weightDecay, tunedFrom: 0.01, .identity),
    ])
    let optimizer = InnerOptimizerKind.sgd.optimizer
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: optimizer, hyperparameters: hyperparameters),
      columns: 0..<3)
    var state = TrainingState<Double>(
      parameterCount: problem.parameterCount, optimizer: optimizer, tangentCount: 3)
    var flat = [Double](repeating: 0, count: problem.parameterCount)
    flat.withUnsafeMutableBufferPointer { flat in
      for (k, tensor) in network.parameters.tensors.enumerated() {
        let values = (0..<tensor.count).map { i in
          0.4 * Foundation.sin(0.61 * Double(i) + 0.3 + Double(k))
        }
        network.parameters.set(tensor, to: values, in: flat)
      }
    }
    for i in flat.indices { state.parameters.primal[i] = flat[i] }
    let stretch = try forward.advance(
      &state, steps: 5, observed: 1, hyperparameters: hyperparameters)
    let loss = try #require(stretch.observations.last).evaluation.loss
    #expect(abs(loss - expected.loss) <= 1e-12 * expected.loss)
    let largest = expected.h.map(abs).max() ?? 0
    for (found, wanted) in zip(stretch.hypergradients, expected.h) {
      #expect(abs(found - wanted) <= 1e-10 * largest, "\(stretch.hypergradients)")
    }
    #expect(stretch.hypergradients.count == 3 && largest > 1e-3)
  }
}
