import Foundation
import Testing

@testable import Datasets

@Suite struct IDXTests {
  @Test(arguments: [false, true])
  func readsImagesAndLabels(compressed: Bool) throws {
    let files = try TemporaryIDX()
    try files.writeSet(count: 5)
    if compressed { try files.compress("train-images-idx3-ubyte") }
    let set = try DatasetName.mnist.load(folder: files.folder).train
    #expect(set.count == 5)
    #expect((0..<5).map { set.label(at: $0) } == [0, 1, 2, 3, 4])
    #expect(
      Array(set.bytes(at: 2)) == (0..<784).map { UInt8(truncatingIfNeeded: (2 * 784 + $0) &* 7) })
  }

  struct Damage: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let file: String
    let message: String
    let change: @Sendable (inout [UInt8]) -> Void
  }

  @Test(arguments: [
    Damage(
      testDescription: "truncated", file: "train-images-idx3-ubyte", message: "is truncated",
      change: { $0.removeLast(10) }),
    Damage(
      testDescription: "header only", file: "train-images-idx3-ubyte",
      message: "in the middle of its header", change: { $0.removeLast($0.count - 7) }),
    Damage(
      testDescription: "longer", file: "train-labels-idx1-ubyte",
      message: "has bytes after its end", change: { $0.append(1) }),
    Damage(
      testDescription: "wrong magic", file: "t10k-images-idx3-ubyte", message: "0x00000801",
      change: { $0[3] = 1 }),
    Damage(
      testDescription: "label", file: "t10k-labels-idx1-ubyte", message: "label 10 at index 3",
      change: { $0[8 + 3] = 10 }),
    Damage(
      testDescription: "counts", file: "train-labels-idx1-ubyte", message: "has 4 labels",
      change: {
        $0.removeLast()
        $0[7] = 4
      }),
    Damage(
      testDescription: "size", file: "train-images-idx3-ubyte", message: "14×56 pixels",
      change: {
        $0[11] = 14
        $0[15] = 56
      }),
  ])
  func namesTheFileAndWhatIsWrong(_ damage: Damage) throws {
    let files = try TemporaryIDX()
    try files.writeSet()
    try files.edit(damage.file, damage.change)
    let error = #expect(throws: DatasetError.self) {
      try DatasetName.mnist.load(folder: files.folder)
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(damage.file) && text.contains(damage.message), "\(text)")
    #expect(text.hasSuffix("."))
  }

  @Test func damagedCompressionIsNoticed() throws {
    for (change, message): ((inout [UInt8]) -> Void, String) in [
      ({ $0.removeLast(30) }, "ends in the middle"),
      // Behind the header, in the middle of the data: the check sum at the end tells.
      ({ $0[$0.count - 6] ^= 0x55 }, "is damaged"),
    ] {
      let files = try TemporaryIDX()
      try files.writeSet()
      try files.compress("train-images-idx3-ubyte")
      try files.edit("train-images-idx3-ubyte.gz", change)
      let error = #expect(throws: DatasetError.self) {
        try DatasetName.mnist.load(folder: files.folder)
      }
      #expect(error?.problem.contains(message) == true, "\(String(describing: error))")
    }
  }

  @Test func missingFilesSayWhereTheyWereSought() throws {
    let files = try TemporaryIDX()
    let missing = #expect(throws: DatasetError.self) {
      try DatasetName.mnist.load(folder: files.folder)
    }
    #expect(missing?.path == "\(files.folder)/mnist/train-images-idx3-ubyte[.gz]")
    #expect(
      missing?.problem == "is missing, and not in \(files.folder)/MNIST/raw either; "
        + "\(files.folder)/mnist holds nothing")
    for name in ["readme.txt", "x.csv"] { try files.write(name, []) }
    let others = #expect(throws: DatasetError.self) {
      try DatasetName.mnist.load(folder: files.folder)
    }
    #expect(others?.problem.hasSuffix("/mnist holds readme.txt, x.csv") == true)
    let noFolder = #expect(throws: DatasetError.self) {
      try DatasetName.mnist.load(folder: "/none")
    }
    #expect(noFolder?.problem == "is missing: there is no folder /none")
    #expect(noFolder?.remedies == [.correctFolder(set: "mnist")])
    #expect(missing?.remedies == [.fetchOrNameFolder(set: "mnist")])
    let nowhere = #expect(throws: DatasetError.self) { try DatasetName.kmnist.load(folder: nil) }
    #expect(nowhere?.remedies == [.nameFolder(set: "kmnist")])
  }

  private static let realData: String? =
    [ProcessInfo.processInfo.environment["GLOCAL_DATA"], "../shared/data"].compactMap { $0 }
    .first { FileManager.default.fileExists(atPath: "\($0)/mnist") }

  /// The first labels of the official files, and their numbers of images.
  @Test(
    .enabled(if: realData != nil, "needs GLOCAL_DATA or ../shared/data"),
    arguments: [
      (DatasetName.mnist, [5, 0, 4, 1, 9], [7, 2, 1, 0, 4]),
      (DatasetName.fashionMNIST, [9, 0, 0, 3, 0], [9, 2, 1, 1, 6]),
    ])
  func readsTheOfficialFiles(_ name: DatasetName, _ train: [Int], _ test: [Int]) throws {
    let set = try name.load(folder: Self.realData)
    #expect(set.train.count == 60_000 && set.test.count == 10_000)
    #expect((0..<5).map { set.train.label(at: $0) } == train)
    #expect((0..<5).map { set.test.label(at: $0) } == test)
    #expect(set.test.classHistogram.reduce(0, +) == 10_000)
  }
}
