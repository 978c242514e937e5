import Foundation
import Testing

@testable import ONNX

/// What is wrong with a file is said in a sentence.
@Suite struct ProblemTests {
  private func problems(
    _ model: Onnx_ModelProto, in folder: ScratchFolder = ScratchFolder(),
    _ choices: ONNXModel.Choices = .init()
  ) throws -> [String] {
    do throws(ModelProblems) {
      _ = try ONNXModel(contentsOf: (try? folder.write(model)) ?? "", choices: choices)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  private func problems(path: String) -> [String] {
    do throws(ModelProblems) {
      _ = try ONNXModel(contentsOf: path)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test func filesOfOtherKinds() throws {
    let folder = ScratchFolder()
    #expect(problems(path: folder.path("")) == ["the file is a folder"])
    #expect(
      problems(path: folder.path("none")) == ["the file cannot be read: No such file or directory"])
    #expect(problems(path: "/dev/null") == ["the file is not a regular file"])
    #expect(problems(path: try folder.write(Data(), as: "a")) == ["the file is empty"])
    let damaged = "the file is damaged, or not an ONNX file: it is not a message of that format"
    let text = Data("network: lenet\ninner:\n  steps: 10\n".utf8)
    #expect(problems(path: try folder.write(text, as: "b")) == [damaged])
    var safetensors = Data([80, 0, 0, 0, 0, 0, 0, 0])
    safetensors.append(Data(#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#.utf8))
    #expect(problems(path: try folder.write(safetensors, as: "c")) == [damaged])
    #expect(
      problems(path: try folder.write(Data([8, 8]), as: "d")) == [
        "the file is not an ONNX file: it has no graph"
      ])
    mkfifo(folder.path("pipe"), 0o600)
    #expect(problems(path: folder.path("pipe")) == ["the file is not a regular file"])
  }

  @Test func versionsAndDomains() throws {
    var model = MadeModel.linear()
    model.opsetImport[0].version = 25
    #expect(
      try problems(model) == [
        "the file uses version 25 of the operators (opset); versions 11 to 24 are supported"
      ])
    model.opsetImport[0].version = .min
    #expect(try problems(model).count == 1)
    model.opsetImport = []
    #expect(
      try problems(model) == [
        "the file does not say which version of the operators (opset) it uses; "
          + "versions 11 to 24 are supported"
      ])
    model = MadeModel.linear()
    model.graph.node[0].domain = "com.microsoft"
    #expect(
      try problems(model) == [
        "node node_y (MatMul): operators of the domain com.microsoft are not supported"
      ])
    model = MadeModel.linear()
    var function = Onnx_FunctionProto()
    function.name = "mine"
    function.domain = "pkg"
    model.functions = [function]
    #expect(
      try problems(model) == [
        "the file defines the function pkg.mine; functions of a file's own are not supported: "
          + "export with the functions inlined"
      ])
  }

  @Test func subgraphs() throws {
    var model = MadeModel.linear()
    model.graph.node.append(
      MadeModel.node("If", ["x"], ["z"]) { node in
        node.attribute = [MadeModel.attribute("then_branch", .graph) { $0.g = Data([1, 2]) }]
      })
    #expect(
      try problems(model) == [
        "node node_z (If): the attribute then_branch is a graph of its own; loops and branches are "
          + "not supported"
      ])
  }

  /// Nested 100,000 deep: a graph in an attribute in a node in a graph, and so on.
  @Test func deepNesting() throws {
    func field(_ number: UInt8, _ length: Int) -> [UInt8] {
      var bytes = [number << 3 | 2]
      var rest = length
      while rest >= 128 {
        bytes.append(UInt8(rest & 127) | 128)
        rest >>= 7
      }
      return bytes + [UInt8(rest)]
    }
    // Built from the inside; the pieces are put together backwards, to be quick.
    var pieces: [[UInt8]] = []
    var length = 0
    for _ in 0..<100_000 {
      for number: UInt8 in [6, 5, 1] {
        pieces.append(field(number, length))
        length += pieces.last?.count ?? 0
      }
    }
    pieces.append(field(7, length))
    let folder = ScratchFolder()
    let nested = Data(pieces.reversed().flatMap { $0 })
    #expect(!problems(path: try folder.write(nested, as: "nested.onnx")).isEmpty)
    // Groups of an unknown field, one in another.
    let groups = Data([UInt8](repeating: 9 << 3 | 3, count: 100_000))
    #expect(!problems(path: try folder.write(groups, as: "groups.onnx")).isEmpty)
  }

  @Test func cyclesAndMissingValues() throws {
    var model = MadeModel.linear()
    model.graph.node = [
      MadeModel.node("Add", ["c", "w"], ["a"]), MadeModel.node("Relu", ["a"], ["b"]),
      MadeModel.node("Relu", ["b"], ["c"]), MadeModel.node("MatMul", ["x", "c"], ["y"]),
    ]
    #expect(
      try problems(model) == ["node node_a (Add): its input c depends on the node's own result"])
    model.graph.node = [MadeModel.node("MatMul", ["x", "y"], ["y"])]
    #expect(
      try problems(model) == [
        "node node_y (MatMul): its input y depends on the node's own result"
      ])
    model.graph.node = [MadeModel.node("MatMul", ["x", "v"], ["y"])]
    #expect(
      try problems(model) == [
        "node node_y (MatMul): its input v is not defined anywhere in the file"
      ])
    model.graph.node = [
      MadeModel.node("MatMul", ["x", "w"], ["y"]), MadeModel.node("Relu", ["x"], ["y"]),
    ]
    #expect(try problems(model) == ["the value y is defined again by node node_y (Relu)"])
    model.graph.node = [MadeModel.node("MatMul", ["x", "w"], ["z"])]
    #expect(try problems(model) == ["the output y is not the result of any node"])
  }

  @Test func nodesAreSorted() throws {
    var model = MadeModel.linear()
    model.graph.node = [
      MadeModel.node("Relu", ["b"], ["y"]), MadeModel.node("Tanh", ["a"], ["b"]),
      MadeModel.node("Exp", ["x"], ["unused"]), MadeModel.node("MatMul", ["x", "w"], ["a"]),
    ]
    let folder = ScratchFolder()
    let read = try ONNXModel(contentsOf: try folder.write(model))
    #expect(read.graph.nodes.map(\.type) == ["MatMul", "Tanh", "Relu"])
    #expect(read.graph.nodes.map(\.index) == [3, 1, 0])
  }

  @Test func dimensions() throws {
    var model = MadeModel.linear()
    model.graph.initializer[0].dims = [1_000_000_000_000_000_000]
    #expect(
      try problems(model) == [
        "the tensor w has the dimensions [1000000000000000000], which makes 1000000000000000000 "
          + "numbers of the type float32, but the file has 6"
      ])
    for dims: [Int64] in [[-2, -3], [1 << 62, 4], [.min], [.max, .max, 0, -1]] {
      model.graph.initializer[0].dims = dims
      #expect(try problems(model) == ["the tensor w has the impossible dimensions \(dims)"])
    }
    model.graph.initializer[0].dims = [Int64](repeating: 1, count: 100_000)
    #expect(try problems(model).count == 1)
    model = MadeModel.linear()
    model.graph.initializer[0].rawData = Data(count: 23)
    #expect(
      try problems(model) == [
        "the tensor w has the dimensions [2, 3], which makes 6 numbers of the type float32, but the "
          + "file has 23 bytes"
      ])
    model.graph.initializer[0].dataType = 8
    #expect(
      try problems(model) == [
        "the tensor w is of the type string, which is not supported"
      ])
    // Unless nothing uses it.
    model.graph.initializer[0].name = "labels"
    model.graph.initializer.append(MadeModel.tensor("w", [2, 3], [1, 2, 3, 4, 5, .nan]))
    #expect(try problems(model).isEmpty)
  }

  @Test func allAtOnce() throws {
    var model = MadeModel.linear()
    model.opsetImport[0].version = 10
    model.graph.node.append(MadeModel.node("Add", ["p", "q"], ["r"]))
    model.graph.initializer[0].dims = [7]
    #expect(try problems(model).count == 4)
    // As many as a reader can bear.
    model.graph.node = (0..<100_000).map { MadeModel.node("Add", ["p"], ["r\($0)"]) }
    let many = try problems(model)
    #expect(many.count == 51 && many[50].hasPrefix("and 9"))
  }

  @Test func choices() throws {
    let model = MadeModel.linear()
    var choices = ONNXModel.Choices()
    choices.freeze = ["W"]
    #expect(
      try problems(model, choices) == [
        "there is nothing to freeze: no tensor that can be trained is called W; near names are w"
      ])
    choices.freeze = ["v*"]
    #expect(
      try problems(model, choices) == [
        "there is nothing to freeze: no tensor that can be trained fits v*; near names are w"
      ])
    choices.freeze = ["*"]
    #expect(try problems(model, choices) == ["none of the file's tensors is trained"])
    choices.train = ["?"]
    #expect(try problems(model, choices).isEmpty)
    var reshaped = model
    reshaped.graph.node.append(MadeModel.node("Reshape", ["y", "shape"], ["z"]))
    reshaped.graph.initializer.append(MadeModel.integers("shape", [-1, 3]))
    reshaped.graph.output[0].name = "z"
    choices.train = ["shape"]
    #expect(
      try problems(reshaped, choices) == [
        "there is nothing to train: shape has numbers of the type int64, which have no derivatives"
      ])
  }

  @Test func patterns() {
    for (pattern, name, fits) in [
      ("a*c", "abbbc", true), ("a*c", "abcb", false), ("*", "", true), ("?", "", false),
      ("*.bias", "x.y.bias", true), ("a?c", "abc", true), ("**a**", "bab", true), ("", "a", false),
      (String(repeating: "*a", count: 40), String(repeating: "a", count: 400) + "b", false),
    ] {
      #expect(NamePattern(pattern).matches(name) == fits, "\(pattern) \(name)")
    }
  }
}
