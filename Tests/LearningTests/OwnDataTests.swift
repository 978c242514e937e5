import Datasets
import Differentiation
import DynamicModes
import Hypergradients
import MessagePassing
import Networks
import Tensors
import TestSupport
import Testing

@testable import Learning

/// A user's own files as examples of a user's own model.
@Suite("Models on data of one's own") struct OwnDataTests {
  /// x ↦ wx + b with the squared error, on the fields of files.
  struct Line: Model {
    let name = "line"
    let parameters: ParameterLayout

    init(inputs: Int) {
      var layout = ParameterLayout()
      layout.append("weight", [1, inputs], fanIn: inputs)
      layout.append("bias", [1], fanIn: inputs)
      parameters = layout
    }

    func record<Number: Scalar>(
      _ fields: FieldVariables<Number>, with parameters: ParameterVariables<Number>,
      on tape: Tape<Number>
    ) -> ModelOutputs<Number> {
      let product = tape.matrixProduct(fields.numbers("inputs"), transposed: parameters["weight"])
      let answer = tape.adding(bias: parameters["bias"], to: product)
      return ModelOutputs(losses: tape.squaredError(answer, fields.numbers("targets")))
    }
  }

  /// A line y = 3 a − 2 [town is Ulm] + 1 with a from a table: its own least squares.
  private func table(rows: Int) -> String {
    "a,town,y\n"
      + (0..<rows).map { row in
        let a = Double(row % 13) / 4 - 1.5
        let town = row % 3 == 0 ? "Ulm" : "Bonn"
        return "\(a),\(town),\(3 * a - (town == "Ulm" ? 2 : 0) + 1.0)"
      }.joined(separator: "\n")
  }

  private func data(_ folder: TemporaryFolder) throws -> SplitData {
    let source = ArraySource(
      train: ArraySource.Part(try folder.write("train.csv", text: table(rows: 80))),
      test: ArraySource.Part(try folder.write("test.csv", text: table(rows: 13))), validation: nil)
    var named = source
    named.targets = "y"
    named.classes = .none
    let sets = try ArraySets(named)
    let split = try SetSplit(sets.train, validation: 20, kind: .random, trainLimit: nil, seed: 4)
    return SplitData(
      try ArraySplit(
        training: split.training, validation: split.validation, test: sets.test,
        normalising: .standard))
  }

  @Test("a regression learns the line of a table")
  func regression() throws {
    let folder = try TemporaryFolder()
    let data = try data(folder)
    #expect(data.training.classes == nil && data.training.noun == "example")
    #expect(!(data.training is any LabelledExamples))
    let problem = ShardedProblem<Double>(
      Line(inputs: 3), examples: data.examples,
      schedule: try MinibatchSchedule(order: .shuffled, count: 60, batch: 20, seed: 7), shard: 7,
      grid: try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
      summation: .reproducible)
    let tuner = Tuner(
      problem: problem, initialParameters: [Double](repeating: 0, count: 4),
      inner: MomentumDescent(),
      hyperparameters: Hyperparameters([
        try Hyperparameter(.learningRate, value: 0.1, .sigmoid, isTuned: false),
        try Hyperparameter(.momentum, value: 0.5, .sigmoid, isTuned: false),
        try Hyperparameter(.weightDecay, value: 1e-12, .exp, isTuned: true),
      ]),
      outer: .adam(learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
      settings: TuningSettings(method: .glocal, steps: 200),
      estimation: HankelEstimation(DynamicModeSettings()))
    let before = problem.evaluate(.test, parameters: tuner.state.training.primal).loss
    while try tuner.nextWindow() != nil {}
    let after = problem.evaluate(.test, parameters: tuner.state.training.primal).loss
    // The line is exact: what is left is what 200 steps leave.
    #expect(before > 1 && after < 1e-6, "\(before) \(after)")
  }

  @Test("tokens and their next ones are fields of whole numbers")
  func tokens() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.txt", text: "the quick brown fox jumps over the lazy dog")
    let sets = try ArraySets(text: path, test: nil, context: 5, validation: 2)
    let part = sets.train.part()
    #expect(
      part.fields == [
        ExampleField("inputs", .integers([5])), ExampleField("targets", .integers([5])),
      ])
  }

  @Test("images with classes are what classifiers take")
  func images() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.safetensors", SmallArrays.digits(count: 20))
    let part = ArraySource.Part(path)
    var source = ArraySource(train: part, test: part, validation: nil)
    source.layout = .images
    let set = try ArraySets(source).train
    #expect(set.part().fields == Classifier(LeNet()).fields)
    #expect((set.part() as? any LabelledExamples)?.classCount == 10)
  }
}
