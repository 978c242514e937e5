import Foundation
import Testing

@testable import Datasets

/// Real photographs of CIFAR-10: the official batches, or the first 400 and 300 of them.
@Suite struct RealCIFARTests {
  private static let project = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let folders = [
    ProcessInfo.processInfo.environment["GLOCAL_DATA"],
    project.appendingPathComponent("../shared/data").path,
  ].compactMap { $0 }

  private static let batches = folders.first {
    FileManager.default.fileExists(atPath: "\($0)/cifar-10/data_batch_1.bin")
  }

  private static let sample = folders.first {
    FileManager.default.fileExists(atPath: "\($0)/cifar-10/sample/train.bin.gz")
  }

  /// The first labels as published (frog, truck, truck, deer, automobile), and the batch's classes.
  @Test(.enabled(if: batches != nil, "needs CIFAR-10's binary batches in GLOCAL_DATA"))
  func longTailOfTheOfficialBatch() throws {
    let train = try DatasetName.cifar10.load(folder: Self.batches, allowsFewer: true).train
    #expect((0..<5).map { train.label(at: $0) } == [6, 9, 9, 4, 1])
    // All batches hold 5000 of each class, the first alone nearly a fifth of them.
    let available = train.classHistogram
    #expect(available.allSatisfy { 1000 * train.count / 10_000 - 70 <= $0 })
    let split = try ImageSplit(
      train, validation: 1000, kind: .balanced, trainLimit: nil, imbalance: 50, seed: 0)
    #expect(split.validation.classHistogram == Array(repeating: 100, count: 10))
    let left = available.map { $0 - 100 }
    #expect(split.training.classHistogram == LongTail(imbalance: 50).keptCounts(of: left))
    #expect(split.training.classHistogram[0] == left[0])
    #expect(split.training.classHistogram[9] == left[9] / 50)
  }

  @Test(.enabled(if: sample != nil, "needs cifar-10/sample in GLOCAL_DATA or ../shared/data"))
  func longTailOfTheSample() throws {
    let folder = NSTemporaryDirectory() + "cifar-sample-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(
      atPath: "\(folder)/cifar-10", withIntermediateDirectories: true)
    for (name, official) in [("train", "data_batch_1"), ("test", "test_batch")] {
      try FileManager.default.copyItem(
        atPath: "\(Self.sample ?? "")/cifar-10/sample/\(name).bin.gz",
        toPath: "\(folder)/cifar-10/\(official).bin.gz")
    }
    let sets = try DatasetName.cifar10.load(folder: folder, allowsFewer: true)
    #expect(sets.train.count == 400 && sets.test.count == 300)
    #expect((0..<5).map { sets.train.label(at: $0) } == [6, 9, 9, 4, 1])
    let split = try ImageSplit(
      sets.train, validation: 100, kind: .balanced, trainLimit: nil, imbalance: 10, seed: 0)
    #expect(split.validation.classHistogram == Array(repeating: 10, count: 10))
    let left = sets.train.classHistogram.map { $0 - 10 }
    #expect(split.training.classHistogram == LongTail(imbalance: 10).keptCounts(of: left))
  }
}
