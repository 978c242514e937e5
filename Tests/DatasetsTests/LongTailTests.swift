import Testing

@testable import Datasets

@Suite struct LongTailTests {
  /// Images of one pixel, their labels in turn, and their number in the file as the pixel's byte.
  static func set(perClass: Int, classes: Int) -> ImageSet {
    let count = perClass * classes
    return ImageSet(
      name: "pixels", height: 1, width: 2, channels: 1, classCount: classes,
      normalisation: Normalisation(mean: [0], deviation: [1]),
      pixels: (0..<count).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] },
      labels: (0..<count).map { UInt8($0 % classes) })
  }

  /// The numbers of a set's images in the file.
  static func numbers(_ set: ImageSet) -> [Int] {
    (0..<set.count).map { index in
      let bytes = Array(set.bytes(at: index))
      return Int(bytes[0]) + Int(bytes[1]) << 8
    }
  }

  /// Long-tailed CIFAR-10 and CIFAR-100 as published: the smallest classes, and the sums of Cui and
  /// others (2019) and of the many who took over their lists.
  @Test func keepsThePublishedCounts() {
    let ten = Array(repeating: 5000, count: 10)
    #expect(
      LongTail(imbalance: 100).keptCounts(of: ten)
        == [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50])
    let fifty = LongTail(imbalance: 50).keptCounts(of: ten)
    #expect(fifty == [5000, 3237, 2096, 1357, 878, 568, 368, 238, 154, 100])
    #expect(fifty.reduce(0, +) == 13_996)
    let hundred = Array(repeating: 500, count: 100)
    #expect(LongTail(imbalance: 100).keptCounts(of: hundred).reduce(0, +) == 10_847)
    #expect(LongTail(imbalance: 50).keptCounts(of: hundred).reduce(0, +) == 12_608)
    #expect(LongTail(imbalance: 1).keptCounts(of: ten) == ten)
    // Of the images that are there, however many: 4900 / 50 is a whole number.
    #expect(LongTail(imbalance: 50).keptCounts(of: Array(repeating: 4900, count: 10))[9] == 98)
  }

  @Test func cutsWhatItCounts() throws {
    let whole = Self.set(perClass: 300, classes: 10)
    let tail = try LongTail(imbalance: 50).cut(whole, seed: 4)
    #expect(tail.classHistogram == LongTail(imbalance: 50).keptCounts(of: whole.classHistogram))
    #expect(Self.numbers(tail) == Self.numbers(tail).sorted())
    #expect(Set(Self.numbers(tail)).count == tail.count)
  }

  @Test func isAFunctionOfTheSeed() throws {
    let whole = Self.set(perClass: 300, classes: 10)
    let numbers = Self.numbers(try LongTail(imbalance: 50).cut(whole, seed: 4))
    #expect(Self.numbers(try LongTail(imbalance: 50).cut(whole, seed: 4)) == numbers)
    #expect(Self.numbers(try LongTail(imbalance: 50).cut(whole, seed: 5)) != numbers)
    // Not the first images of every class.
    let last = numbers.filter { $0 % 10 == 9 }
    #expect(last.count == 6 && last != (0..<6).map { 10 * $0 + 9 })
    let shorter = Self.numbers(try LongTail(imbalance: 100).cut(whole, seed: 4))
    #expect(Set(shorter).isSubset(of: numbers))
  }

  @Test func aClassMustKeepAnImage() {
    let error = SplitError.classWithoutImages(
      imbalance: 400, label: 9, set: "pixels", available: 300)
    #expect(throws: error) {
      try LongTail(imbalance: 400).cut(Self.set(perClass: 300, classes: 10), seed: 0)
    }
  }

  /// The validation images are taken first, and are the same whatever is done to the others.
  @Test(arguments: [SplitKind.balanced, .random, .tail])
  func comesAfterTheValidationImages(_ kind: SplitKind) throws {
    let whole = Self.set(perClass: 100, classes: 10)
    let even = try ImageSplit(whole, validation: 200, kind: kind, trainLimit: nil, seed: 3)
    let tail = try ImageSplit(
      whole, validation: 200, kind: kind, trainLimit: nil, imbalance: 10, seed: 3)
    #expect(Self.numbers(tail.validation) == Self.numbers(even.validation))
    #expect(Set(Self.numbers(tail.training)).isSubset(of: Self.numbers(even.training)))
    #expect(
      tail.training.classHistogram
        == LongTail(imbalance: 10).keptCounts(of: even.training.classHistogram))
    let limited = try ImageSplit(
      whole, validation: 200, kind: kind, trainLimit: 500, imbalance: 10, seed: 3)
    #expect(Set(Self.numbers(limited.training)).isSubset(of: Self.numbers(even.training)[..<500]))
    #expect(limited.training.count < 500)
  }
}
