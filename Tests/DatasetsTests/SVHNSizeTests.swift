import CZlib
import Foundation
import Testing

@testable import Datasets

/// MAT files whose variables announce something else than they hold, byte by byte.
@Suite struct SVHNSizeTests {
  /// A variable as its bytes.
  struct Variable: Sendable {
    var name: String
    var dimensions: [Int]
    /// The type of the numbers: 2 for uint8.
    var type = 2
    /// Of the numbers; 9 for uint8, 6 for double.
    var kind = 9
    var numbers: [UInt8]

    static let images = Variable(
      name: "X", dimensions: [32, 32, 3, 40],
      numbers: (0..<40 * 3072).map { UInt8(truncatingIfNeeded: $0) })
    static let labels = Variable(
      name: "y", dimensions: [40, 1], numbers: (0..<40).map { UInt8($0 % 10 + 1) })
  }

  private struct Writer {
    let isLittle: Bool

    func word(_ value: Int) -> [UInt8] {
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return isLittle ? bytes : bytes.reversed()
    }

    func element(_ type: Int, _ content: [UInt8]) -> [UInt8] {
      word(type) + word(content.count) + content
        + [UInt8](repeating: 0, count: (8 - content.count % 8) % 8)
    }

    func variable(_ variable: Variable, isCompressed: Bool) -> [UInt8] {
      let content =
        element(6, word(variable.kind) + word(0))
        + element(5, variable.dimensions.flatMap(word)) + element(1, Array(variable.name.utf8))
        + element(variable.type, variable.numbers)
      let plain = word(14) + word(content.count) + content
      guard isCompressed else { return plain }
      var length = compressBound(UInt(plain.count))
      var packed = [UInt8](repeating: 0, count: Int(length))
      _ = compress(&packed, &length, plain, UInt(plain.count))
      return word(15) + word(Int(length)) + packed.prefix(Int(length))
    }

    func file(_ variables: [Variable], isCompressed: Bool) -> [UInt8] {
      var header = Array("MATLAB 5.0 MAT-file".utf8)
      header += [UInt8](repeating: 32, count: 116 - header.count)
      header += [UInt8](repeating: 0, count: 8)
      header += isLittle ? [0, 1] + Array("IM".utf8) : [1, 0] + Array("MI".utf8)
      return header + variables.flatMap { variable($0, isCompressed: isCompressed) }
    }
  }

  private func files(
    _ variables: [Variable], isCompressed: Bool, isLittle: Bool = true
  ) throws -> TemporarySVHN {
    let files = try TemporarySVHN()
    let writer = Writer(isLittle: isLittle)
    for part in ["train", "test"] {
      let content = part == "train" ? variables : [.images, .labels]
      try Data(writer.file(content, isCompressed: isCompressed)).write(
        to: URL(fileURLWithPath: files.path(part)))
    }
    return files
  }

  @Test(arguments: [false, true], [false, true])
  func readsBothByteOrders(isCompressed: Bool, isLittle: Bool) throws {
    let files = try files([.images, .labels], isCompressed: isCompressed, isLittle: isLittle)
    let train = try DatasetName.svhn.load(folder: files.folder).train
    #expect((0..<40).map { train.label(at: $0) } == (0..<40).map { ($0 + 1) % 10 })
    // Row 2, column 5 of the second image's first channel.
    #expect(Array(train.bytes(at: 1))[2 * 32 + 5] == UInt8(truncatingIfNeeded: 3072 + 5 * 32 + 2))
    #expect(DatasetState(of: .svhn, in: files.folder) == .part(train: 40, test: 40))
  }

  struct Wrong: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let problem: String
    let variables: [Variable]

    init(
      _ description: String, _ problem: String, _ change: (inout Variable, inout Variable) -> Void
    ) {
      var (images, labels) = (Variable.images, Variable.labels)
      change(&images, &labels)
      testDescription = description
      self.problem = problem
      variables = [images, labels]
    }
  }

  static let wrong = [
    Wrong("17 bytes", "variable X announces 32×32×3×40 numbers, but has 17 bytes for them") {
      x, _ in
      x.numbers = Array(x.numbers.prefix(17))
    },
    Wrong("too many bytes", "announces 32×32×3×40 numbers, but has 122881 bytes") { x, _ in
      x.numbers.append(1)
    },
    Wrong("2²⁹ labels", "variable y announces 536870912×1 numbers, but has 40 bytes") { _, y in
      y.dimensions = [1 << 29, 1]
    },
    Wrong("a product beyond 64 bits", "announces 4294967295×4294967295×4294967295×") { x, _ in
      x.dimensions = [-1, -1, -1, -1]
    },
    Wrong("labels of a type of no numbers", "variable y without numbers") { _, y in y.type = 14 },
    Wrong("text", "variable y that is no array of real numbers") { _, y in y.kind = 4 },
    Wrong("complex", "variable X that is no array of real numbers") { x, _ in x.kind = 0x809 },
    Wrong("half of the labels", "has 40 images in X, but 20 labels in y") { _, y in
      (y.dimensions, y.numbers) = ([20, 1], Array(y.numbers.prefix(20)))
    },
    Wrong("twice the same", "more than one variable y") { x, _ in x.name = "y" },
  ]

  @Test(arguments: wrong, [false, true])
  func refusesBeforeAnythingIsAllocated(_ wrong: Wrong, isCompressed: Bool) throws {
    let files = try files(wrong.variables, isCompressed: isCompressed)
    let error = #expect(throws: DatasetError.self) {
      try DatasetName.svhn.load(folder: files.folder)
    }
    #expect(error?.problem.contains(wrong.problem) == true, "\(String(describing: error))")
    #expect(DatasetState(of: .svhn, in: files.folder) == error.map { .unusable($0) })
  }

  /// A stream that goes on behind the variable is not inflated: its damaged end does not show.
  @Test func inflatesNoMoreThanTheVariable() throws {
    let files = try files([.images, .labels], isCompressed: true)
    let writer = Writer(isLittle: true)
    let content = writer.variable(.images, isCompressed: false)
    let plain = content + [UInt8](repeating: 0, count: 1 << 26)
    var length = compressBound(UInt(plain.count))
    var packed = [UInt8](repeating: 0, count: Int(length))
    _ = compress(&packed, &length, plain, UInt(plain.count))
    let cut = Int(length) - 1000
    let header = writer.file([.labels], isCompressed: true)
    try Data(header + writer.word(15) + writer.word(cut) + packed.prefix(cut)).write(
      to: URL(fileURLWithPath: files.path("train")))
    let error = #expect(throws: DatasetError.self) {
      try DatasetName.svhn.load(folder: files.folder)
    }
    #expect(error?.problem.contains("its variable X has not the") == true)
  }
}
