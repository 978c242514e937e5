import Foundation
import Testing

@testable import ONNX

@Suite struct ExternalDataTests {
  private let folder = ScratchFolder()

  private func model(_ entries: [(String, String)]) -> Onnx_ModelProto {
    var model = MadeModel.linear()
    model.graph.initializer[0].floatData = []
    model.graph.initializer[0].dataLocation = .external
    model.graph.initializer[0].externalData = entries.map { key, value in
      var entry = Onnx_StringStringEntryProto()
      entry.key = key
      entry.value = value
      return entry
    }
    return model
  }

  private func problem(_ entries: [(String, String)]) throws -> String? {
    let path = try folder.write(model(entries))
    do throws(ModelProblems) {
      _ = try ONNXModel(contentsOf: path)
      return nil
    } catch {
      return error.problems[0].description
    }
  }

  @Test func isReadAndPutInside() throws {
    var data = Data(count: 4)
    data.append([6, 5, 4, 3, 2, 1].map(Float.init).withUnsafeBytes { Data($0) })
    try FileManager.default.createDirectory(
      atPath: folder.path("below"), withIntermediateDirectories: true)
    _ = try folder.write(data, as: "below/w.data")
    let path = try folder.write(
      model([("location", "below/w.data"), ("offset", "4"), ("length", "24")]))
    let read = try ONNXModel(contentsOf: path)
    #expect(read.parameters[0].values == [6, 5, 4, 3, 2, 1])
    let elsewhere = ScratchFolder()
    try read.write(to: elsewhere.path("new.onnx"), parameters: [:])
    let again = try ONNXModel(contentsOf: elsewhere.path("new.onnx"))
    #expect(again.parameters == read.parameters)
    // Without a length the tensor's own counts.
    #expect(try problem([("location", "below/w.data")]) == nil)
  }

  @Test func onlyInsideTheFolder() throws {
    for location in ["../../etc/passwd", "/etc/passwd", "a/../../b", "..", "a\0b"] {
      let problem = try problem([("location", location)])
      #expect(problem?.hasSuffix("which is not in the model's folder") == true, "\(location)")
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: "/etc/passwd")
    #expect(
      try problem([("location", "link")])
        == "the tensor w is in the file link, which is not in the model's folder")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("etc"), withDestinationPath: "/etc")
    #expect(
      try problem([("location", "etc/passwd")])
        == "the tensor w is in the file etc/passwd, which is not in the model's folder")
  }

  @Test func missingAndShort() throws {
    #expect(
      try problem([("location", "none")])
        == "the tensor w is in the file none, which cannot be read: No such file or directory")
    _ = try folder.write(Data(), as: "empty")
    #expect(
      try problem([("location", "empty")])
        == "the tensor w is in the file empty, which has 0 bytes, but the tensor is at 0 and has 24"
    )
    #expect(try problem([]) != nil)
    _ = try folder.write(Data(count: 40), as: "forty")
    for (offset, length) in [
      ("17", "24"), ("-1", "24"), ("0", "23"), ("x", "24"), ("\(Int.max)", "24"), ("1e3", "24"),
      ("99999999999999999999", "24"),
    ] {
      let problem = try problem([("location", "forty"), ("offset", offset), ("length", length)])
      #expect(problem != nil, "\(offset) \(length)")
    }
    #expect(try problem([("location", ".")])?.contains("not in the model's folder") == true)
  }

  /// Many tensors that all claim the same bytes would make much memory of a small file.
  @Test func sharedBytesAreBounded() throws {
    _ = try folder.write(Data(count: 24), as: "w.data")
    var model = model([("location", "w.data")])
    for index in 0..<10 {
      var tensor = model.graph.initializer[0]
      tensor.name = "w\(index)"
      model.graph.initializer.append(tensor)
    }
    let path = try folder.write(model)
    #expect(throws: ModelProblems.self) { try ONNXModel(contentsOf: path) }
  }
}
