import Foundation
import TestSupport
import Testing

@testable import Settings

/// Keys of a model of one's own.
@Suite("Keys of one's own model") struct OwnModelKeyTests {
  @Test("a path of a file begins where the file is, that of --set where the program is")
  func paths() throws {
    var reader = ConfigurationReader(over: Preset.glyphs.configuration)
    try reader.read(yaml: "network: nets/mine.onnx", name: "/etc/my/config.yaml")
    #expect(try reader.checked().network == .file(DataPath("/etc/my/nets/mine.onnx")))
    let here = FileManager.default.currentDirectoryPath
    let read = try configuration(["network=a: #1.onnx"])
    #expect(read.network == .file(DataPath("\(here)/a: #1.onnx")))
    #expect(try configuration(yaml: read.yaml(comments: false)) == read)
  }

  @Test("names and patterns come as a list of any form")
  func patterns() throws {
    let expected = NamePatterns(["*.bias", "head.weight", "onnx::MatMul_7"])
    for yaml in [
      "network: /m.onnx\nnetwork-freeze: [\"*.bias\", head.weight, onnx::MatMul_7]",
      "network: /m.onnx\nnetwork-freeze:\n  - '*.bias'\n  - head.weight\n  - onnx::MatMul_7",
      "network: /m.onnx\nnetwork-freeze: \"*.bias, head.weight, onnx::MatMul_7\"",
    ] { #expect(try configuration(yaml: yaml).networkFreeze == expected, "\(yaml)") }
    for text in [
      "[*.bias, head.weight, onnx::MatMul_7]", "*.bias,head.weight,onnx::MatMul_7",
      "[\"*.bias\", 'head.weight', onnx::MatMul_7]",
    ] {
      let read = try configuration(["network=/m.onnx", "network-freeze=\(text)"])
      #expect(read.networkFreeze == expected, "\(text)")
      #expect(try configuration(yaml: read.yaml(comments: false)) == read)
    }
    #expect(try configuration(["network=/m.onnx", "network-train=[]"]).networkTrain.patterns == [])
  }

  @Test(
    "lists that are none are refused", arguments: ["", ",", "[a,,b]", "[[a]]", "a,[b]"])
  func badPatterns(text: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try configuration(["network=/m.onnx", "network-freeze=\(text)"])
    }
    #expect(error?.description.contains("a list of names") == true)
  }

  @Test("are printed where there is one, and refused where there is none")
  func otherNetworks() throws {
    let own = try configuration(["network=/m.onnx"]).yaml(comments: false)
    for line in [
      "network: /m.onnx\n", "network-freeze: []\n", "network-train: []\n", "network-tie: auto\n",
      "  draw: false\n",
    ] { #expect(own.contains(line), "\(line)") }
    let built = try configuration().yaml(comments: true)
    #expect(!built.contains("network-freeze") && !built.contains("draw:"))
    for text in ["network-freeze=[a]", "network-train=[a]", "network-tie=off", "initial.draw=true"]
    {
      let error = #expect(throws: ConfigurationError.self) { try configuration([text]) }
      #expect(error?.description.contains("is for a model of your own") == true)
    }
  }

  @Test("a model that was moved is the same, one with other choices is not")
  func changes() throws {
    let before = try configuration(["network=/a.onnx"])
    let moved = try configuration(["network=/b/c.onnx"])
    #expect(ConfigurationChange.forbidden(from: before, to: moved).isEmpty)
    #expect(ConfigurationChange.deciding(from: before, to: moved).isEmpty)
    for other in [["network=lenet"], ["network=/a.onnx", "network-freeze=[x]"]] {
      #expect(!ConfigurationChange.forbidden(from: before, to: try configuration(other)).isEmpty)
    }
  }
}
