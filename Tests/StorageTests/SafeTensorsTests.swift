import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite struct SafeTensorsReading {
  let golden: SafeTensorsFile

  init() throws {
    let url = try #require(
      Bundle.module.url(forResource: "Resources/golden", withExtension: "safetensors"))
    golden = try SafeTensorsFile(reading: url.path)
  }

  @Test func readsWhatPythonWrote() throws {
    // The literals of Resources/make-golden-safetensors.py: all exact.
    let double = try golden.tensor("double", shape: [2, 3], as: Double.self)
    #expect(double.values == [1.0, -2.5, 1e-300, 0.1, 3.0, 0.0])
    #expect(double.values[5].sign == .minus)
    #expect(try golden.tensor("float", as: Float.self).values == [0.1, -1.5, 3e38])
    #expect(try golden.tensor("half", as: Float.self).values == [0.5, -65504])
    #expect(try golden.tensor("brain", as: Double.self).values == [1, -0.0078125])
    #expect(try golden.tensor("scalar", shape: [], as: Float.self).values == [7.25])
    #expect(try golden.tensor("none", shape: [0, 4], as: Float.self).values == [])
    #expect(golden.metadata.map(\.text) == ["safetensors"])
    #expect(golden.type(of: "brain") == .bfloat16)
  }

  @Test func convertsBetweenPrecisions() throws {
    #expect(
      try golden.tensor("float", as: Double.self).values == [
        Double(Float(0.1)), -1.5, Double(Float(3e38)),
      ])
    #expect(try golden.tensor("double", as: Float.self).values == [1, -2.5, 0, Float(0.1), 3, 0])
  }

  @Test func namesTheTensorThatDoesNotFit() throws {
    let missing = try #require(throws: SafeTensorsError.self) {
      try golden.tensor("fc1.weight", as: Float.self)
    }
    #expect(missing.description.contains("has no tensor fc1.weight; it has double, float"))
    let shape = try #require(throws: SafeTensorsError.self) {
      try golden.tensor("float", shape: [4], as: Float.self)
    }
    #expect(shape.description.contains("tensor float has shape [3], and the network needs [4]"))
    let unexpected = try #require(throws: SafeTensorsError.self) {
      try golden.require(exactly: [
        ("double", [2, 3]), ("float", [3]), ("half", [2]), ("scalar", []), ("none", [0, 4]),
      ])
    }
    #expect(
      unexpected.problem
        == .unexpected(tensor: "brain", expected: ["double", "float", "half", "scalar", "none"]))
  }
}

@Suite struct SafeTensorsWriting {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func writesTheFormatByteForByte() throws {
    let path = folder.path("small.safetensors")
    try SafeTensorsFile.write(
      [
        NamedTensor<Float>(name: "a.weight", shape: [1, 2], values: [1, -2]),
        NamedTensor<Float>(name: "b", shape: [], values: [0.5]),
      ], metadata: [("z", "1"), ("a", "2")], to: path)
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    // From the format's description: length, header padded to 8 bytes with spaces, little-endian data.
    let header =
      #"{"__metadata__":{"z":"1","a":"2"},"a.weight":{"dtype":"F32","shape":[1,2],"#
      + #""data_offsets":[0,8]},"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var expected = Data([UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0])
    expected += Data(padded.utf8)
    expected += Data([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0, 0x3F])
    #expect(data == expected)
    #expect(try folder.names == ["small.safetensors"])
  }

  @Test(arguments: [0, 1, 7, 100_003]) func returnsTheSameBits(count: Int) throws {
    let path = folder.path("bits.safetensors")
    let values = (0..<count).map { sin(Double($0)) * pow(10, Double($0 % 37) - 18) }
    let tensor = NamedTensor<Double>(name: "x", shape: [count, 1], values: values)
    try SafeTensorsFile.write([tensor], to: path)
    let file = try SafeTensorsFile(reading: path)
    #expect(try file.tensor("x", shape: [count, 1], as: Double.self) == tensor)
    // Read through the piecewise conversion, whose pieces end inside the tensor.
    #expect(try file.tensor("x", as: Float.self).values == values.map { Float($0) })
  }

  @Test func refusesNumbersThatAreNotFinite() throws {
    let path = folder.path("nan.safetensors")
    try SafeTensorsFile.write(
      [NamedTensor<Float>(name: "w", shape: [3], values: [1, .nan, 2])], to: path)
    let error = try #require(throws: SafeTensorsError.self) {
      try SafeTensorsFile(reading: path).tensor("w", as: Float.self)
    }
    #expect(error.problem == .nonFinite(tensor: "w", index: 1))
  }
}

@Suite struct SafeTensorsDamage {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func problem(header: String, data: Int, length: UInt64? = nil) throws -> String {
    let path = folder.path("damaged.safetensors")
    let length = length ?? UInt64(header.utf8.count)
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
    bytes += Array(header.utf8) + [UInt8](repeating: 0, count: data)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let error = try #require(throws: SafeTensorsError.self) { try SafeTensorsFile(reading: path) }
    #expect(error.description.contains("damaged.safetensors"))
    return error.description
  }

  private func entry(_ begin: Int, _ end: Int, type: String = "F32", shape: String = "[2]")
    -> String
  {
    #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
  }

  @Test func aFileThatIsCutShort() throws {
    #expect(try problem(header: #"{"a":\#(entry(0, 8))}"#, data: 7).contains("is cut short"))
    #expect(try problem(header: "{}", data: 0, length: 200).contains("needs 208 bytes and has 10"))
    let path = folder.path("tiny.safetensors")
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
    let error = try #require(throws: SafeTensorsError.self) { try SafeTensorsFile(reading: path) }
    #expect(error.problem == .truncated(needed: 8, found: 3))
  }

  @Test func aHeaderThatIsNoHeader() throws {
    #expect(try problem(header: "not JSON", data: 0).contains("not JSON (not a value at byte 0)"))
    #expect(try problem(header: "[1]", data: 0).contains("not a JSON object"))
    #expect(try problem(header: "{}", data: 0, length: .max).contains("header length 1844674407"))
    #expect(try problem(header: #"{"a":{},"a":{}}"#, data: 0).contains(#"key "a" stands twice"#))
    #expect(try problem(header: #"{"__metadata__":{"n":1}}"#, data: 0).contains("__metadata__"))
  }

  @Test func offsetsThatDoNotFit() throws {
    #expect(
      try problem(header: #"{"a":\#(entry(0, 8)),"b":\#(entry(4, 12))}"#, data: 12)
        .contains("tensors a and b claim the same bytes"))
    #expect(
      try problem(header: #"{"a":\#(entry(0, 8)),"b":\#(entry(12, 20))}"#, data: 20)
        .contains("4 bytes before tensor b"))
    #expect(try problem(header: #"{"a":\#(entry(0, 8))}"#, data: 9).contains("1 bytes at the end"))
    #expect(try problem(header: #"{"a":\#(entry(8, 0))}"#, data: 8).contains("ascending"))
    #expect(
      try problem(header: #"{"a":\#(entry(0, 4))}"#, data: 4).contains("needs 8 bytes, it has 4"))
    let huge = "[4611686018427387904,4]"
    #expect(
      try problem(header: #"{"a":\#(entry(0, 8, shape: huge))}"#, data: 8).contains("too large"))
    #expect(
      try problem(header: #"{"a":\#(entry(0, 8, shape: "[-2]"))}"#, data: 8).contains("shape"))
  }

  @Test func aTypeThatIsNotRead() throws {
    let text = try problem(header: #"{"ids":\#(entry(0, 16, type: "I64"))}"#, data: 16)
    #expect(text.contains("tensor ids holds numbers of type I64"))
  }

  @Test func aFileThatIsNotThereOrAFolder() throws {
    let absent = try #require(throws: SafeTensorsError.self) {
      try SafeTensorsFile(reading: folder.path("absent"))
    }
    #expect(absent.description.contains("cannot open"))
    let directory = try #require(throws: SafeTensorsError.self) {
      try SafeTensorsFile(reading: folder.path)
    }
    #expect(directory.description.contains("Is a directory"))
  }
}
