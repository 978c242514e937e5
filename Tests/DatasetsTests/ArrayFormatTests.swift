import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Arrays that NumPy and the safetensors package have written (`Resources/make-arrays.py`).
@Suite("Arrays in files") struct ArrayFormatTests {
  static func resource(_ name: String) throws -> String {
    try #require(Bundle.module.url(forResource: "Resources/\(name)", withExtension: nil)).path
  }

  static func array(_ path: String, _ member: String) throws(DatasetError) -> StoredArray {
    if path.hasSuffix(".npz") { return try NPZFile.array(path, member) }
    if path.hasSuffix(".npy") { return try NPYFile.array(path) }
    return try TensorFile.array(path, member)
  }

  /// All numbers of an array, row by row.
  static func numbers(_ array: StoredArray) throws(DatasetError) -> [Double] {
    let scaling = ArrayScaling(nil, block: 1, type: .bool)
    var all: [Double] = []
    try array.forEachRow { _, bytes throws(DatasetError) in
      var row = [Double](repeating: 0, count: array.rowLength)
      // Bytes as they are, not divided by 255.
      let type = array.type == .uint8 ? ElementType.bool : array.type
      let wrong = row.withUnsafeMutableBufferPointer { row in
        row.baseAddress.flatMap {
          scaling.convert(bytes, type, count: array.rowLength, into: $0)
        }
      }
      #expect(wrong == nil)
      all += row
    }
    return all
  }

  @Test(
    "hold the numbers that other programs have put there",
    arguments: ["types.npz", "types-compressed.npz", "types.safetensors"], ElementType.allCases)
  func types(file: String, type: ElementType) throws {
    // NumPy has no bfloat16.
    if type == .bfloat16, file.hasSuffix(".npz") { return }
    let array = try Self.array(Self.resource(file), type.rawValue)
    #expect(array.type == type && array.count == 3 && array.rowShape == [2])
    let expected: [Double] =
      switch type {
      case .bool: [0, 1, 1, 0, 1, 1]
      case _ where type.isInteger: [0, 1, 2, 100, 3, 64]
      default: [0, -1.5, 2, 0.25, 3, 64]
      }
    #expect(try Self.numbers(array) == expected)
    if type.isInteger {
      try array.forEachRow { row, bytes throws(DatasetError) in
        #expect(array.integer(bytes, 1) == Int(expected[2 * row + 1]))
      }
    }
  }

  @Test("are single ones, too")
  func single() throws {
    let array = try Self.array(Self.resource("int16.npy"), "")
    #expect(array.type == .int16 && array.count == 3)
    #expect(try Self.numbers(array) == [0, 1, 2, 100, 3, 64])
  }

  @Test(
    "of other kinds are refused with the reason",
    arguments: [
      ("fortran.npy", "column by column"), ("big-endian.npy", "holds numbers of type >f4"),
      ("records.npy", "records or objects"), ("objects.npy", "holds numbers of type |O"),
      ("types.npz", "has no inputs; it has bool, uint8"),
      ("types.safetensors", "has no inputs; it has"),
    ])
  func refused(file: String, words: String) throws {
    let path = try Self.resource(file)
    let error = #expect(throws: DatasetError.self) { try Self.array(path, "inputs") }
    #expect(error?.problem.contains(words) == true, "\(String(describing: error))")
  }

  @Test(
    "that were cut short are refused wherever the cut is",
    arguments: ["types.npz", "types-compressed.npz", "types.safetensors", "int16.npy"])
  func cut(file: String) throws {
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.resource(file))))
    let folder = try TemporaryFolder()
    for length in stride(from: 0, to: whole.count, by: 5) {
      let path = try folder.write("cut-" + file, Array(whole.prefix(length)))
      #expect(throws: DatasetError.self, "\(length)") { try Self.array(path, "float64") }
    }
  }

  /// A ZIP file has a checksum of every member: numbers are either right or refused.
  @Test(
    "with a wrong byte are refused, or hold the numbers all the same",
    arguments: ["types.npz", "types-compressed.npz"])
  func flipped(file: String) throws {
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.resource(file))))
    let expected = try Self.numbers(Self.array(Self.resource(file), "float64"))
    let folder = try TemporaryFolder()
    for place in stride(from: 0, to: whole.count, by: 3) {
      var bytes = whole
      bytes[place] ^= UInt8(1 << (place % 8))
      let path = try folder.write("flipped-" + file, bytes)
      do throws(DatasetError) {
        let array = try Self.array(path, "float64")
        #expect(try Self.numbers(array) == expected, "\(place)")
      } catch {
        #expect(!error.problem.isEmpty)
      }
    }
  }

  @Test("whose headers claim what cannot be are refused")
  func claims() throws {
    let folder = try TemporaryFolder()
    let huge = SmallArrays.Part("inputs", "U8", [1 << 40, 1 << 40], [UInt8]())
    let path = try folder.write("huge.safetensors", SmallArrays.safetensors([huge]))
    #expect(throws: DatasetError.self) { try Self.array(path, "inputs") }
    let cases: [(shape: [Int], words: String)] = [
      ([], "is a single number"), ([0, 4], "holds no examples"), ([4, 0], "an example is empty"),
    ]
    for (shape, words) in cases {
      let count = shape.reduce(1, *)
      let part = SmallArrays.Part("inputs", "U8", shape, [UInt8](repeating: 0, count: count))
      let path = try folder.write("odd.safetensors", SmallArrays.safetensors([part]))
      let error = #expect(throws: DatasetError.self) { try Self.array(path, "inputs") }
      #expect(error?.problem.contains(words) == true)
    }
    // A member that says it inflates to a terabyte.
    var bomb = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: Self.resource("types-compressed.npz"))))
    let record = try #require(Self.lastRecord(of: bomb))
    for (place, byte) in zip(record + 24..<record + 28, [0xFE, 0xFF, 0xFF, 0xFF] as [UInt8]) {
      bomb[place] = byte
    }
    let bombed = try folder.write("bomb.npz", bomb)
    let error = #expect(throws: DatasetError.self) { try Self.array(bombed, "float64") }
    #expect(error?.problem.contains("float64 cannot have 4294967294 bytes") == true)
  }

  /// Where the last record of a ZIP file's directory begins.
  private static func lastRecord(of bytes: [UInt8]) -> Int? {
    (0..<bytes.count - 4).last { bytes[$0..<$0 + 4].elementsEqual([0x50, 0x4B, 1, 2]) }
  }

  /// Larger than what is kept in memory.
  @Test("that are large are read by position, and told when they shrink")
  func large() throws {
    let folder = try TemporaryFolder()
    let path = try folder.writeSparse("large.npy", shape: [150_000, 1000])
    let array = try NPYFile.array(path)
    #expect(!array.isInMemory && array.count == 150_000)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seek(toOffset: 128 + 149_999 * 1000 + 7)
    try file.write(contentsOf: [9])
    var found: [UInt8] = []
    try array.forEach([3, 149_999]) { _, _, bytes throws(DatasetError) in
      found.append(bytes.load(fromByteOffset: 7, as: UInt8.self))
    }
    #expect(found == [0, 9])
    try file.truncate(atOffset: 1_000_000)
    let error = #expect(throws: DatasetError.self) {
      try array.forEach([149_999]) { _, _, _ throws(DatasetError) in }
    }
    #expect(error?.problem.contains("has become shorter") == true)
  }

  @Test("that are large tell by samples whether they have grown or changed")
  func samples() throws {
    let folder = try TemporaryFolder()
    let path = try folder.writeSparse("large.npy", shape: [150_000, 1000])
    func content() throws -> [UInt8] {
      var all: [UInt8] = []
      try NPYFile.array(path).addContent { all += $0 }
      return all
    }
    let before = try content()
    #expect(try content() == before && before.count < 2_000_000)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seek(toOffset: 128 + 150_000_000 - 1)
    try file.write(contentsOf: [1])
    #expect(try content() != before)
  }
}
