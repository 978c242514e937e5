import Foundation
import Testing

@testable import ONNX

@Suite struct WritingTests {
  /// With nothing changed a file is written as it was read, byte for byte: nothing is lost, no field that
  /// this module does not know and no default that an exporter wrote out.
  @Test(
    .enabled(if: Fixtures.folder != nil, "needs ../shared/fixtures/onnx"),
    arguments: Fixtures.files.filter { !$0.hasSuffix("bare") })
  func unchangedIsTheSame(file: String) throws {
    let folder = ScratchFolder()
    let model = try ONNXModel(contentsOf: Fixtures.path(file))
    try model.write(to: folder.path("same.onnx"), parameters: [:])
    let (old, new) = (Fixtures.path(file), folder.path("same.onnx"))
    #expect(FileManager.default.contentsEqual(atPath: old, andPath: new))
    // The values that were read are those that are written: again the same file.
    let values = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.values) })
    try model.write(to: folder.path("again.onnx"), parameters: values)
    #expect(FileManager.default.contentsEqual(atPath: old, andPath: folder.path("again.onnx")))
  }

  @Test(
    .enabled(if: Fixtures.folder != nil, "needs ../shared/fixtures/onnx"),
    arguments: Fixtures.files)
  func changesAreReadAgain(file: String) throws {
    let folder = ScratchFolder()
    let model = try ONNXModel(contentsOf: Fixtures.path(file))
    // Halves and signs change no rounding.
    let values = Dictionary(
      uniqueKeysWithValues: model.parameters.map { ($0.name, $0.values.map { $0 * -0.5 }) })
    try model.write(to: folder.path("new.onnx"), parameters: values)
    let again = try ONNXModel(contentsOf: folder.path("new.onnx"))
    #expect(again.parameters.map(\.name) == model.parameters.map(\.name))
    for parameter in again.parameters { #expect(parameter.values == values[parameter.name]) }
    // The tie is found again, so the partner has the new values, too.
    #expect(again.ties == model.ties)
    #expect(again.graph.initializers.count == model.graph.initializers.count)
  }

  @Test(arguments: [1, 10, 11, 16] as [Int32])
  func everyFloatType(code: Int32) throws {
    let folder = ScratchFolder()
    var message = MadeModel.linear()
    message.graph.initializer[0].dataType = code
    message.graph.initializer[0].replaceNumbers(by: [1, 2, 3, 4, 5, 6])
    let path = try folder.write(message)
    let model = try ONNXModel(contentsOf: path)
    #expect(model.parameters.map(\.values) == [[1, 2, 3, 4, 5, 6]])
    // 1 + 2^-8 and 1 + 2^-11 are half way between two numbers of bfloat16 and float16.
    let values: [Double] = [
      0x1.01p0, 0x1.03p0, 0x1.002p0, 0x1.006p0, 0x1.5555555555555p-2, -.infinity,
    ]
    try model.write(to: folder.path("new.onnx"), parameters: ["w": values])
    let again = try ONNXModel(contentsOf: folder.path("new.onnx"))
    let rounded: [Double] =
      switch code {
      case 1: values.map { Double(Float($0)) }
      case 10: [0x1.01p0, 0x1.03p0, 1, 0x1.008p0, 0x1.554p-2, -.infinity]
      case 16: [1, 0x1.04p0, 1, 1, 0x1.56p-2, -.infinity]
      default: values
      }
    #expect(again.parameters[0].values == rounded)
  }

  @Test func constantsOfNodes() throws {
    let folder = ScratchFolder()
    var message = MadeModel.linear()
    message.graph.node.append(
      MadeModel.node("Constant", [], ["c"]) { node in
        node.attribute = [
          MadeModel.attribute("value_floats", .floats) { $0.floats = [1, 2, 3] }
        ]
      })
    message.graph.node.append(MadeModel.node("Add", ["y", "c"], ["z"]))
    message.graph.output[0].name = "z"
    var choices = ONNXModel.Choices()
    choices.train = ["c"]
    let model = try ONNXModel(contentsOf: try folder.write(message), choices: choices)
    #expect(model.parameters.map(\.name) == ["w", "c"])
    try model.write(to: folder.path("new.onnx"), parameters: ["c": [4, 5, 6]])
    let again = try ONNXModel(contentsOf: folder.path("new.onnx"), choices: choices)
    #expect(again.parameters[1].values == [4, 5, 6])
    #expect(again.parameters[0].values == model.parameters[0].values)
  }

  /// A file exported for training, as ONNX Runtime would run it with the statistics of each minibatch.
  @Test(arguments: [false, true])
  func trainingEndsWhereNothingNeedsIt(statisticsAreRead: Bool) throws {
    let folder = ScratchFolder()
    var message = MadeModel.model(
      nodes: [
        MadeModel.node(
          "BatchNormalization", ["x", "w", "b", "mean", "var"], ["n", "mean2", "var2"]
        ) { node in
          node.attribute = [MadeModel.attribute("training_mode", .int) { $0.i = 1 }]
        },
        MadeModel.node("Dropout", ["n", "ratio", "mode"], ["y"]),
      ], initializers: ["w", "b", "mean", "var"].map { MadeModel.tensor($0, [2], [1, 1]) })
    message.graph.initializer.append(MadeModel.tensor("ratio", [], [0.5]))
    var mode = Onnx_TensorProto()
    mode.name = "mode"
    mode.dataType = 9
    mode.int32Data = [1]
    message.graph.initializer.append(mode)
    if statisticsAreRead {
      message.graph.node.append(MadeModel.node("Add", ["y", "mean2"], ["z"]))
      message.graph.output[0].name = "z"
    }
    let model = try ONNXModel(contentsOf: try folder.write(message))
    let bytes = try model.bytes(parameters: ["w": [3, 4]], inference: true)
    let written = try Onnx_ModelProto(serializedBytes: bytes).graph
    let kept = statisticsAreRead ? 1 : 0
    #expect(written.node[0].output == (statisticsAreRead ? ["n", "mean2", "var2"] : ["n"]))
    #expect(written.node[0].attribute.map(\.i) == [Int64(kept)])
    #expect(written.node[1].input == ["n", "ratio"])
    // Everything else is as it was.
    #expect(written.node[0].input == message.graph.node[0].input)
    #expect(written.initializer.count == message.graph.initializer.count)
    let again = try Onnx_ModelProto(serializedBytes: model.bytes(parameters: [:])).graph
    #expect(again.node == message.graph.node)
  }
}
