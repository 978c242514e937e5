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

    /// As many records of zeros as said.
    func fill(_ file: String, images: Int) throws {
      try Data(count: images * 3073).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
    }

    /// Compresses a file with the system's gzip.
    func compress(_ file: String) throws {
      let gzip = Process()
      gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      gzip.arguments = ["gzip", "-1", "\(path)/\(file)"]
      try gzip.run()
      gzip.waitUntilExit()
    }

    /// Records whose pixels are all equal to their number.
    func write(_ file: String, _ records: [[UInt8]]) throws {
      let bytes = records.enumerated().flatMap { number, labels in
        labels + [UInt8](repeating: UInt8(number), count: 3072)
      }
      try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
    }
  }

  @Test func readsAPartWhereOneIsMeant() throws {
    let folder = try Folder()
    try folder.write("cifar-10/data_batch_1.bin", [[3], [9]])
    try folder.write("cifar-10/data_batch_2.bin", [[0]])
    try folder.write("cifar-10/test_batch.bin", [[7]])
    let sets = try DatasetName.cifar10.load(folder: folder.path, allowsFewer: true)
    #expect((0..<3).map { sets.train.label(at: $0) } == [3, 9, 0])
    #expect(sets.train.bytes(at: 1).allSatisfy { $0 == 1 })
    #expect(sets.test.count == 1 && sets.test.channels == 3 && sets.test.height == 32)
  }

  @Test func cifar100TakesTheFineLabel() throws {
    let folder = try Folder()
    try folder.write("cifar-100/train.bin", [[5, 77]])
    try folder.write("cifar-100/test.bin", [[5, 12], [1, 99]])
    let sets = try DatasetName.cifar100.load(folder: folder.path, allowsFewer: true)
    #expect(sets.train.label(at: 0) == 77 && sets.test.label(at: 1) == 99)
    #expect(sets.train.classCount == 100)
  }

  @Test func refusesPartsOfRecordsAndForeignLabels() throws {
    let folder = try Folder()
    try folder.write("cifar-10/test_batch.bin", [[7]])
    try Data([1, 2, 3]).write(
      to: URL(fileURLWithPath: "\(folder.path)/cifar-10/data_batch_1.bin"))
    let cut = #expect(throws: DatasetError.self) {
      try DatasetName.cifar10.load(folder: folder.path, allowsFewer: true)
    }
    #expect(cut?.problem.contains("no whole number of records of 3073") == true)
    try folder.write("cifar-10/data_batch_1.bin", [[1], [10]])
    let label = #expect(throws: DatasetError.self) {
      try DatasetName.cifar10.load(folder: folder.path, allowsFewer: true)
    }
    #expect(label?.problem.contains("label 10 at index 1") == true)
  }

  /// Official sizes; a record is shared by all images, so that a batch is quickly made.
  private func writeOfficial(_ folder: Folder, batches: [Int], images: Int = 10_000) throws {
    for batch in batches {
      try folder.fill("cifar-10/data_batch_\(batch).bin", images: images)
    }
    try folder.fill("cifar-10/test_batch.bin", images: 10_000)
  }

  private func refusal(_ folder: Folder, allowsFewer: Bool = false) -> DatasetError? {
    #expect(throws: DatasetError.self) {
      try DatasetName.cifar10.load(folder: folder.path, allowsFewer: allowsFewer)
    }
  }

  @Test func readsAllBatches() throws {
    let folder = try Folder()
    try writeOfficial(folder, batches: [1, 2, 3, 4, 5])
    let sets = try DatasetName.cifar10.load(folder: folder.path)
    #expect(sets.train.count == 50_000 && sets.test.count == 10_000)
    #expect(DatasetState(of: .cifar10, in: folder.path) == .complete)
  }

  @Test(arguments: [false, true])
  func refusesAGapWhateverIsMeant(allowsFewer: Bool) throws {
    let folder = try Folder()
    try writeOfficial(folder, batches: [1, 2, 4, 5])
    let error = refusal(folder, allowsFewer: allowsFewer)
    #expect(error?.path == "\(folder.path)/cifar-10/data_batch_3.bin[.gz]")
    #expect(error?.problem == "is missing, but data_batch_5.bin is there")
    #expect(DatasetState(of: .cifar10, in: folder.path) == error.map { .unusable($0) })
  }

  @Test func refusesAMissingEndUnlessItIsMeant() throws {
    let folder = try Folder()
    try writeOfficial(folder, batches: [1, 2])
    let error = refusal(folder)
    #expect(error?.path == "\(folder.path)/cifar-10/data_batch_3.bin[.gz]")
    #expect(error?.problem == "is missing: only 2 of the 5 batches are there")
    #expect(error?.remedies.last == .allowFewer)
    let sets = try DatasetName.cifar10.load(folder: folder.path, allowsFewer: true)
    #expect(sets.train.count == 20_000)
    #expect(DatasetState(of: .cifar10, in: folder.path) == .part(train: 20_000, test: 10_000))
  }

  /// Such a folder was taken for a file that is missing, and a part trained on where that is meant.
  @Test(arguments: [false, true])
  func refusesAFolderInAFilesPlace(allowsFewer: Bool) throws {
    let folder = try Folder()
    try writeOfficial(folder, batches: [1, 2, 3, 4])
    let place = "\(folder.path)/cifar-10/data_batch_5.bin"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    let error = refusal(folder, allowsFewer: allowsFewer)
    #expect(error?.path == place)
    #expect(error?.problem.contains("is a folder") == true, "\(error?.problem ?? "taken")")
  }

  @Test(arguments: [false, true])
  func refusesAFileThatWasCutBetweenRecords(compressed: Bool) throws {
    let folder = try Folder()
    try writeOfficial(folder, batches: [1, 2, 3, 4, 5])
    try folder.fill("cifar-10/data_batch_2.bin", images: 9_000)
    if compressed { try folder.compress("cifar-10/data_batch_2.bin") }
    let error = refusal(folder)
    #expect(error?.path.contains("data_batch_2.bin") == true)
    #expect(error?.problem == "has 9000 images, but the official file has 10000: it was cut short")
    #expect(error?.remedies.last == .allowFewer)
    #expect(
      try DatasetName.cifar10.load(folder: folder.path, allowsFewer: true).train.count == 49_000)
    #expect(DatasetState(of: .cifar10, in: folder.path) == .part(train: 49_000, test: 10_000))
  }

  @Test(arguments: [false, true])
  func refusesMoreThanTheOfficialImages(compressed: Bool) throws {
    let folder = try Folder()
    try writeOfficial(folder, batches: [1])
    try folder.fill("cifar-10/data_batch_1.bin", images: 10_001)
    if compressed { try folder.compress("cifar-10/data_batch_1.bin") }
    let error = refusal(folder, allowsFewer: true)
    #expect(error?.problem == "has more images than the official file, which has 10000")
  }

  @Test(arguments: [
    (DatasetName.cifar10, "cifar-10-batches-bin"), (.cifar10, "cifar-10/cifar-10-batches-bin"),
    (.cifar100, "cifar-100-binary"), (.cifar100, "cifar-100/cifar-100-binary"),
  ])
  func findsWhatTheArchivesUnpackTo(set: DatasetName, place: String) throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/\(place)", withIntermediateDirectories: true)
    let labels: [[UInt8]] = set == .cifar10 ? [[1], [2]] : [[0, 1], [0, 2]]
    let names = set == .cifar10 ? ["data_batch_1", "test_batch"] : ["train", "test"]
    for name in names { try folder.write("\(place)/\(name).bin", labels) }
    let sets = try set.load(folder: folder.path, allowsFewer: true)
    #expect(sets.train.label(at: 1) == 2 && sets.test.count == 2)
  }

  @Test func saysThatPicklesAreOfNoUse() throws {
    let folder = try Folder()
    try FileManager.default.removeItem(atPath: "\(folder.path)/cifar-10")
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/cifar-10-batches-py", withIntermediateDirectories: true)
    let error = refusal(folder)
    #expect(error?.problem.contains("cifar-10-batches-bin") == true)
    #expect(error?.problem.contains("holds cifar-10-batches-py, cifar-100") == true)
    #expect(
      error?.remedies == [
        .advice("Those are for Python; what is needed is the binary version."),
        .fetchOrNameFolder(set: "cifar-10"),
      ])
  }
}
