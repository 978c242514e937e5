import Foundation
import TestSupport
import Testing

@testable import Storage

/// `scripts/crosscheck` against a stand-in for the program: what it asks for and what it compares.
@Suite struct Crosscheck {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // Columns in an order that is not ours, momentum fixed.
  private let fixture: JSONValue = [
    "tau": 3, "batch": 4, "train_images": 12, "validation_images": 5, "network": "LeNet",
    "hyperparameters": ["weight_decay", "learning_rate"], "momentum": 0.875,
    "phi": [-7.5, -2.25], "transform": "sigmoid", "dataset": "fashion-mnist",
    "h": [[0.001, 0.5], [0.002, -1.0], [0.004, 0.25]], "validation_loss": [2.0, 1.5, 1.0],
    "final_parameter_norm": ["fc.weight": 5.0],
  ]

  private func run(
    h: [[JSONValue]] = [[0.5, 0.001], [-1.0, 0.002], [0.25, 0.004]],
    losses: JSONValue = [2.0, 1.5, 1.0], weight: JSONValue = [3.0, 4.0], options: String...
  ) throws -> Command {
    let plan: JSONValue = [
      "trajectory": .array(
        h.enumerated().map { ["window": 1, "step": .integer($0 + 1), "h": .array($1)] }
          + [["window": 2, "step": 4, "h": [9.0, 9.0]]]),
      "windows": [["window": 1, "validation_losses": losses], ["window": 2]],
      "tensors": ["fc.weight": weight],
      "expect": [
        "lenet-mnist", "data.set=fashion-mnist", "inner.steps=3", "window.observed=3",
        "inner.batch=4", "data.train-limit=12", "data.validation=5", "data.order=sequential",
        "hyperparameters.weight-decay.raw=-7.5", "hyperparameters.learning-rate.raw=-2.25",
        "hyperparameters.momentum.tuned=false", "hyperparameters.momentum.initial=0.875",
        .string("initial.parameters=\(folder.path("case.safetensors"))"),
      ],
    ]
    try write(plan, "plan.json")
    try write(fixture, "case.json")
    try Data().write(to: URL(fileURLWithPath: folder.path("case.safetensors")))
    let program = try #require(
      Bundle.module.url(forResource: "Resources/fake-glocal-dist", withExtension: nil))
    return try Command.run(
      arguments: [
        "\(Command.project)/scripts/crosscheck", folder.path, "case", "--program", program.path,
      ]
        + options, environment: ["FAKE_RUN": folder.path("plan.json")])
  }

  private func write(_ value: JSONValue, _ name: String) throws {
    try JSONText.document(value).write(
      toFile: folder.path(name), atomically: true, encoding: .utf8)
  }

  @Test func agreesWhenAllAgrees() throws {
    let result = try run()
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("crosscheck case: agrees"))
  }

  @Test func measuresEachColumnAgainstItsLargestMagnitude() throws {
    // 4e-12 off in a column whose largest is 0.004: 1e-9 exactly would be on the edge, so 3e-12 and
    // 5e-12 stand on either side of it.
    let within = try run(h: [[0.5, .number(0.001 + 3e-12)], [-1.0, 0.002], [0.25, 0.004]])
    #expect(within.status == 0, "\(within.output)")
    let outside = try run(h: [[0.5, .number(0.001 + 5e-12)], [-1.0, 0.002], [0.25, 0.004]])
    #expect(outside.status == 1)
    #expect(outside.output.contains("OUTSIDE") && outside.output.contains("DOES NOT AGREE"))
    let float = try run(
      h: [[0.5, 0.001005], [-1.0, 0.002], [0.25, 0.004]], options: "--precision", "float")
    #expect(float.status == 0, "\(float.output)")
  }

  @Test func seesLossesAndNormsAndWhatIsNotFinite() throws {
    #expect(try run(losses: [2.0, 1.5, 1.00001]).status == 1)
    #expect(try run(weight: [3.0, 4.00001]).status == 1)
    #expect(try run(h: [[nil, 0.001], [-1.0, 0.002], [0.25, 0.004]]).status == 1)
    #expect(try run(losses: [2.0, nil, 1.0]).status == 1)
  }

  @Test func refusesWhatCannotBeCompared() throws {
    let short = try run(h: [[0.5, 0.001], [-1.0, 0.002]])
    #expect(short.status == 2 && short.output.contains("has steps [1, 2] of window 1"))
    let few = try run(losses: [2.0])
    #expect(few.status == 2 && few.output.contains("3 validation_losses"))
  }

  @Test func saysWhyACaseCannotRun() throws {
    _ = try run()
    let script = "\(Command.project)/scripts/crosscheck"
    let absent = try Command.run(script, folder.path, "other")
    #expect(absent.status == 2 && absent.output.contains("has no case other; it has: case"))
    let other = JSONText.line(fixture).replacing("\"LeNet\"", with: "\"VGG 11\"")
    try other.write(toFile: folder.path("case.json"), atomically: true, encoding: .utf8)
    let network = try Command.run(script, folder.path, "case")
    #expect(network.status == 2 && network.output.contains("needs the network VGG 11"))
    try "{".write(toFile: folder.path("case.json"), atomically: true, encoding: .utf8)
    let broken = try Command.run(script, folder.path, "case")
    #expect(broken.status == 2 && broken.output.contains("is not a fixture"))
  }

  /// A case of a model in a file whose tensor holds the values of two parameters.
  private let graph: JSONValue = [
    "tau": 2, "batch": 4, "train_records": 12, "validation_records": 5, "records": 20,
    "hyperparameters": ["learning_rate"], "phi": [-2.25], "transform": "sigmoid",
    "momentum": 0.875, "loss": "squared-error", "h": [[0.5], [-1.0]],
    "validation_loss": [2.0, 1.5], "training_loss": [3.0, 1.0],
    "final_parameter_norm": ["a": 3.0, "b": 4.0],
    "initializers": ["case-legacy.onnx": ["both": ["parameter": ["a", "b"], "trainable": true]]],
  ]

  @Test func comparesModelsInFiles() throws {
    func run(_ tensors: JSONValue, loss: Double = 2, _ options: String...) throws -> Command {
      try write(graph, "case.json")
      for name in ["case-legacy.onnx", "case-train.safetensors", "case-test.safetensors"] {
        try Data().write(to: URL(fileURLWithPath: folder.path(name)))
      }
      let plan: JSONValue = [
        "trajectory": [
          ["window": 1, "step": 1, "h": [.number(0.5 + 4e-8)]],
          ["window": 1, "step": 2, "h": [-1.0]],
        ],
        "windows": [
          ["window": 1, "validation_losses": [2.0, 1.5], "training_loss": .number(loss)]
        ],
        "tensors": tensors,
        "expect": [
          .string("network=\(folder.path("case-legacy.onnx"))"), "data.set=files",
          .string("data.train=\(folder.path("case-train.safetensors"))"), "data.train-limit=12",
          "data.validation=5", "data.classes=none", "data.order=sequential", "data.split=tail",
        ],
      ]
      try write(plan, "plan.json")
      let program = try #require(
        Bundle.module.url(forResource: "Resources/fake-glocal-dist", withExtension: nil))
      return try Command.run(
        arguments: [
          "\(Command.project)/scripts/crosscheck", folder.path, "case", "--program", program.path,
        ] + options, environment: ["FAKE_RUN": folder.path("plan.json")])
    }
    let file = ["--file", "case-legacy.onnx"]
    let good = try run(["both": [5.0]], file[0], file[1])
    #expect(good.status == 0, "\(good.output)")
    // A file of the older exporter has constants in float32.
    #expect(good.output.contains("within 1e-07"))
    #expect(try run(["both": [5.1]], file[0], file[1]).status == 1)
    #expect(try run(["both": [5.0]], loss: 2.1, file[0], file[1]).status == 1)
    let untrained = try run(["other": [5.0]], file[0], file[1])
    #expect(untrained.status == 2 && untrained.output.contains("did not train a, b"))
    let absent = try run(["both": [5.0]])
    #expect(absent.status == 2 && absent.output.contains("the case has: case-legacy.onnx"))
  }

  @Test func showsWhatTheProgramSaid() throws {
    _ = try run()
    let result = try Command.run(
      "\(Command.project)/scripts/crosscheck", folder.path, "case", "--program", "/bin/false")
    #expect(result.status == 2 && result.output.contains("ended with exit code 1"))
  }
}
