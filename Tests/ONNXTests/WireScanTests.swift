import Foundation
import SwiftProtobuf
import Testing

@testable import ONNX

/// Files are looked over before messages are made of them.
@Suite("Wire scan") struct WireScanTests {
  private let folder = ScratchFolder()

  /// A field with bytes.
  private func field(_ number: Int, _ content: Data) -> Data {
    varint(number << 3 | 2) + varint(content.count) + content
  }

  private func varint(_ number: Int) -> Data {
    var (rest, bytes) = (number, Data())
    while rest > 0x7f {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private func fault(_ bytes: Data) -> String? {
    bytes.withUnsafeBytes { WireScan.fault(in: $0) }?.text
  }

  private func problems(_ bytes: Data) throws -> [String] {
    let path = try folder.write(bytes, as: "made.onnx")
    do throws(ModelProblems) {
      _ = try ONNXModel(contentsOf: path)
      return []
    } catch { return error.problems.map(\.description) }
  }

  @Test(
    .enabled(if: Fixtures.folder != nil, "needs ../shared/fixtures/onnx"),
    arguments: Fixtures.files)
  func realFilesAreFarFromTheLimit(file: String) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path(file)))
    let cost = try bytes.withUnsafeBytes { try WireScan($0).cost }
    #expect(cost > bytes.count / 2 && cost < 10 * bytes.count, "\(cost) for \(bytes.count)")
  }

  /// Messages of two bytes, each of which would take hundreds in memory.
  @Test(arguments: [
    ("nodes", [7], 1), ("initializers", [7], 5), ("inputs", [7], 11), ("outputs", [7], 12),
    ("attributes", [7, 1], 5), ("external data", [7, 5], 13), ("functions", [], 25),
    ("axes", [7, 11, 2, 1, 2], 1), ("operator sets", [], 8),
  ])
  func floodsAreRefused(what: String, path: [Int], number: Int) throws {
    let one = [UInt8](varint(number << 3 | 2) + [0])
    // The smaller a message is in memory, the more of them it takes.
    let chunk = Data([[UInt8]](repeating: one, count: 100_000).joined())
    var bytes = Data()
    for _ in 0..<100 { bytes.append(chunk) }
    for outer in path.reversed() { bytes = field(outer, bytes) }
    let found = try problems(bytes)
    #expect(found.count == 1 && found[0].hasPrefix("the file has too many small messages for its"))
    #expect(found.first?.contains("\(bytes.count) bytes") == true)
  }

  @Test func placesAreNamed() throws {
    let node = field(4, Data("Relu".utf8))
    let prefix = "is damaged, or not an ONNX file: at byte "
    // A node that says that it is longer than the graph.
    var graph = field(1, node)
    graph[1] += 3
    #expect(
      fault(field(7, graph))
        == prefix + "2, a field of the graph is said to have 9 bytes, but only 6 are left")
    // A file that was cut off.
    let whole = try MadeModel.linear().serializedBytes() as Data
    for count in 1..<whole.count where fault(whole.prefix(count)) != nil {
      #expect(
        fault(whole.prefix(count))?.contains("are left") == true
          || fault(whole.prefix(count))?.contains("ends within a number") == true, "\(count)")
    }
    #expect(fault(whole.prefix(whole.count - 1)) != nil && fault(whole) == nil)
    let found = try problems(whole.prefix(whole.count - 1))
    #expect(found.count == 1 && found[0].hasPrefix("the file " + prefix))
    // Numbers without an end, or with more than 64 bits.
    #expect(fault(field(7, Data([0x10, 0x80]))) == prefix + "3, the graph ends within a number")
    let ten = Data([0x10] + [UInt8](repeating: 0xff, count: 9) + [1])
    #expect(fault(field(7, ten)) == nil)
    let wide = Data([0x10] + [UInt8](repeating: 0xff, count: 9) + [2])
    #expect(
      fault(field(7, wide)) == prefix + "3, the graph has a number of more than 64 bits")
    #expect(
      fault(field(7, Data([0x0d, 0, 0, 0]))) == prefix + "2, the graph ends within a number")
    // A group within a node; the number 0.
    for tag: UInt8 in [0x0b, 0x0c, 0x0e, 0x0f, 0x00] {
      #expect(
        fault(field(7, field(1, Data([tag]))))
          == prefix + "4, a node goes on with something else than a field")
    }
    // A length of 2^63 and more.
    let long = Data([0x0a] + [UInt8](repeating: 0xff, count: 9) + [1])
    #expect(fault(field(7, long))?.contains("18446744073709551615 bytes") == true)
  }

  /// What is refused is refused by the parser as well, apart from the flood: nothing readable is lost.
  @Test func agreesWithTheParser() throws {
    let whole = try MadeModel.linear().serializedBytes() as Data
    var random = SplitMix(seed: 3)
    var outcomes = (fine: 0, refused: 0)
    for _ in 0..<20_000 {
      var bytes = whole
      for _ in 0...random.next(3) { bytes[random.next(bytes.count)] = UInt8(random.next(256)) }
      if random.next(4) == 0 { bytes = bytes.prefix(random.next(bytes.count)) }
      guard fault(bytes) != nil else {
        outcomes.fine += 1
        continue
      }
      outcomes.refused += 1
      // Unknown groups, which no ONNX file has, are the exception.
      guard let parsed = try? Onnx_ModelProto(serializedBytes: bytes) else { continue }
      let again = try parsed.serializedBytes() as Data
      #expect(fault(again) != nil, "\(Array(bytes))")
    }
    #expect(outcomes.fine > 1000 && outcomes.refused > 1000, "\(outcomes)")
  }

  @Test func unknownFieldsAreSkipped() throws {
    // A graph within an attribute is bytes here, whatever is in it; so is a field of the future.
    var bytes = try MadeModel.linear().serializedBytes() as Data
    bytes += field(900, Data([0xff, 0xff])) + field(7, field(16, Data([0x0b])))
    #expect(fault(bytes) == nil)
    #expect(try problems(bytes) == [])
  }
}
