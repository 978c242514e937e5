import Tensors
import Testing

@testable import Datasets

@Suite struct MinibatchTests {
  private func batches(_ schedule: MinibatchSchedule, steps: [Int]) -> [[Int]] {
    var schedule = schedule
    return steps.map { step in
      [Int](unsafeUninitializedCapacity: schedule.batch) { buffer, count in
        let whole = UnsafeMutableBufferPointer(rebasing: buffer[0..<schedule.batch])
        schedule.fill(whole, step: step)
        count = schedule.batch
      }
    }
  }

  @Test func sequentialFollowsTheFixturesFormula() throws {
    let schedule = try MinibatchSchedule(order: .sequential, count: 10, batch: 4, seed: 0)
    #expect(
      batches(schedule, steps: [0, 1, 2, 5]) == [
        [0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 0, 1], [0, 1, 2, 3],
      ])
  }

  @Test func everyEpochVisitsEveryImageOnce() throws {
    let schedule = try MinibatchSchedule(order: .shuffled, count: 21, batch: 7, seed: 5)
    let visits = batches(schedule, steps: Array(0..<6))
    let (first, second) = (visits[..<3].flatMap { $0 }, visits[3...].flatMap { $0 })
    #expect(first.sorted() == Array(0..<21) && second.sorted() == Array(0..<21))
    #expect(first != second && first != Array(0..<21))
  }

  /// A rank that draws one late step sees what a rank sees that drew them all.
  @Test func anyStepCanBeDrawnAlone() throws {
    let schedule = try MinibatchSchedule(order: .shuffled, count: 50, batch: 8, seed: 9)
    let all = batches(schedule, steps: Array(0..<40))
    #expect(batches(schedule, steps: [37, 3, 22]) == [all[37], all[3], all[22]])
    let other = try MinibatchSchedule(order: .shuffled, count: 50, batch: 8, seed: 10)
    #expect(batches(other, steps: Array(0..<40)) != all)
  }

  @Test func aMinibatchMustFit() {
    #expect(throws: SplitError.minibatchAboveImages(batch: 6, available: 5)) {
      try MinibatchSchedule(order: .shuffled, count: 5, batch: 6, seed: 0)
    }
  }

  private func numbered(_ count: Int) -> ImageSet {
    ImageSet(
      name: "numbered", height: 1, width: 1, channels: 1, classCount: 256,
      normalisation: Normalisation(mean: [0], deviation: [1]),
      pixels: (0..<count).map { UInt8($0) }, labels: (0..<count).map { UInt8($0) })
  }

  private func labels(_ set: ImageSet) -> [Int] { (0..<set.count).map { set.label(at: $0) } }

  @Test func tailHoldsTheLastImagesOut() throws {
    let split = try ImageSplit(
      numbered(20), validation: 5, kind: .tail, trainLimit: 12, seed: 3)
    #expect(labels(split.training) == Array(0..<12))
    #expect(labels(split.validation) == Array(15..<20))
  }

  @Test func randomSplitsAreDisjointAndDependOnTheSeed() throws {
    let split = try ImageSplit(
      numbered(200), validation: 50, kind: .random, trainLimit: nil, seed: 3)
    #expect((labels(split.training) + labels(split.validation)).sorted() == Array(0..<200))
    #expect(labels(split.validation) != Array(150..<200))
    let again = try ImageSplit(
      numbered(200), validation: 50, kind: .random, trainLimit: nil, seed: 3)
    let other = try ImageSplit(
      numbered(200), validation: 50, kind: .random, trainLimit: nil, seed: 4)
    #expect(labels(again.validation) == labels(split.validation))
    #expect(labels(other.validation) != labels(split.validation))
  }

  @Test(
    arguments: [
      (20, nil, .nothingToTrainOn(validation: 20, set: "numbered", available: 20)),
      (0, nil, .nothingToTrainOn(validation: 0, set: "numbered", available: 20)),
      (25, nil, .nothingToTrainOn(validation: 25, set: "numbered", available: 20)),
      (5, 16, .limitAboveImages(limit: 16, validation: 5, set: "numbered", available: 20)),
    ] as [(Int, Int?, SplitError)])
  func splitsThatLeaveTooLittleAreRefused(
    _ validation: Int, _ limit: Int?, _ error: SplitError
  ) {
    #expect(throws: error) {
      try ImageSplit(
        numbered(20), validation: validation, kind: .random, trainLimit: limit, seed: 0)
    }
  }

  /// So many that no table of them is drawn.
  @Test("are drawn of very many images, too, each once an epoch")
  func keyed() throws {
    let count = KeyedPermutation.leastCount
    var schedule = try MinibatchSchedule(order: .shuffled, count: count, batch: 6, seed: 3)
    let step = count / 6
    var indices = [Int](repeating: 0, count: 6)
    indices.withUnsafeMutableBufferPointer { schedule.fill($0, step: step) }
    let (first, second) = (0, 1)
    let expected = (0..<6).map { i in
      let place = step * 6 + i
      let epoch = place < count ? first : second
      return KeyedPermutation(count: count, seed: 3, purpose: .shuffle, step: epoch)[place % count]
    }
    #expect(indices == expected && step * 6 + 6 > count)
  }
}
