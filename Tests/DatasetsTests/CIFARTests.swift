import Foundation
import Testing

@testable import Datasets

@Suite struct CIFARTests {
  private final class Folder {
    let path = NSTemporaryDirectory() + "cifar-" + UUID().uuidString

    init() throws {
      for set in ["cifar-10", "cifar-100"] {
        try FileManager.default.createDirectory(
          atPath: "\(path)/\(set)", withIntermediateDirectories: true)
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Records whose pixels are all equal to their number.
    func write(_ file: String, _ records: [[UInt8]]) throws {
      let bytes = records.enumerated().flatMap { number, labels in
        labels + [UInt8](repeating: UInt8(number), count: 3072)
      }
      try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
    }
  }

  @Test func readsTheBatchesThatAreThere() throws {
    let folder = try Folder()
    try folder.write("cifar-10/data_batch_1.bin", [[3], [9]])
    try folder.write("cifar-10/data_batch_2.bin", [[0]])
    try folder.write("cifar-10/test_batch.bin", [[7]])
    let sets = try DatasetName.cifar10.load(folder: folder.path)
    #expect((0..<3).map { sets.train.label(at: $0) } == [3, 9, 0])
    #expect(sets.train.bytes(at: 1).allSatisfy { $0 == 1 })
    #expect(sets.test.count == 1 && sets.test.channels == 3 && sets.test.height == 32)
  }

  @Test func cifar100TakesTheFineLabel() throws {
    let folder = try Folder()
    try folder.write("cifar-100/train.bin", [[5, 77]])
    try folder.write("cifar-100/test.bin", [[5, 12], [1, 99]])
    let sets = try DatasetName.cifar100.load(folder: folder.path)
    #expect(sets.train.label(at: 0) == 77 && sets.test.label(at: 1) == 99)
    #expect(sets.train.classCount == 100)
  }

  @Test func refusesPartsOfRecordsAndForeignLabels() throws {
    let folder = try Folder()
    try folder.write("cifar-10/test_batch.bin", [[7]])
    try Data([1, 2, 3]).write(
      to: URL(fileURLWithPath: "\(folder.path)/cifar-10/data_batch_1.bin"))
    let cut = #expect(throws: DatasetError.self) {
      try DatasetName.cifar10.load(folder: folder.path)
    }
    #expect(cut?.problem.contains("no whole number of records of 3073") == true)
    try folder.write("cifar-10/data_batch_1.bin", [[1], [10]])
    let label = #expect(throws: DatasetError.self) {
      try DatasetName.cifar10.load(folder: folder.path)
    }
    #expect(label?.problem.contains("label 10 at index 1") == true)
  }
}
