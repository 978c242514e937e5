import Foundation
import Tensors
import TestSupport
import Testing

@testable import Datasets

@Suite("Data of one's own") struct ArraySetTests {
  typealias Part = SmallArrays.Part

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func source(
    _ train: [Part], _ test: [Part]? = nil, classes: ArraySource.Classes = .counted,
    layout: ArraySource.Layout = .plain
  ) throws -> ArraySource {
    var source = ArraySource(
      train: ArraySource.Part(
        try folder.write("train.safetensors", SmallArrays.safetensors(train))),
      test: ArraySource.Part(
        try folder.write("test.safetensors", SmallArrays.safetensors(test ?? train))),
      validation: nil)
    source.classes = classes
    source.layout = layout
    return source
  }

  private func refusal(_ source: ArraySource) -> String {
    let error = #expect(throws: DatasetError.self) { try ArraySets(source) }
    return error?.description ?? ""
  }

  // MARK: What arrays are

  @Test("is told by its types and shapes")
  func kinds() throws {
    let floats = Part("inputs", "F32", [2, 3], [Float](repeating: 1, count: 6))
    let classes = Part("targets", "I64", [2], [Int64(0), 4])
    var sets = try ArraySets(source([floats, classes]))
    #expect(sets.train.inputs == .numbers([3]) && sets.train.targets == .classes(count: 5))
    sets = try ArraySets(source([floats, classes], classes: .given(7)))
    #expect(sets.train.targets == .classes(count: 7))
    sets = try ArraySets(source([floats, classes], classes: .none))
    #expect(sets.train.targets == ArraySet.Targets.numbers([1]) && sets.train.classes == nil)
    let column = Part("targets", "I32", [2, 1], [Int32(0), 1])
    #expect(try ArraySets(source([floats, column])).train.targets == .classes(count: 2))
    let value = Part("targets", "F64", [2, 1], [0.5, 1])
    #expect(try ArraySets(source([floats, value])).train.targets == .numbers([1]))
    let tokens = Part("inputs", "I32", [2, 2], [Int32(0), 3, 8, 2])
    let next = Part("targets", "I32", [2, 2], [Int32(3), 9, 2, 2])
    sets = try ArraySets(source([tokens, next]))
    #expect(sets.train.inputs == .tokens([2], vocabulary: 10))
    #expect(sets.train.targets == .tokens([2], count: 10))
  }

  @Test("is images of one channel or of several where a network takes images")
  func images() throws {
    let labels = Part("targets", "U8", [2], [UInt8(0), 1])
    let grey = Part("inputs", "U8", [2, 3, 4], [UInt8](repeating: 1, count: 24))
    let colour = Part("inputs", "F16", [2, 3, 2, 4], [Float16](repeating: 1, count: 48))
    #expect(
      try ArraySets(source([grey, labels], layout: .images)).train.inputs
        == .image(channels: 1, height: 3, width: 4))
    #expect(
      try ArraySets(source([colour, labels], layout: .images)).train.inputs
        == .image(channels: 3, height: 2, width: 4))
    #expect(try ArraySets(source([grey, labels])).train.inputs == .numbers([3, 4]))
  }

  // MARK: What is refused

  @Test("with other lengths, types or labels is refused with file, array and index")
  func refused() throws {
    let x = Part("inputs", "F32", [3, 2], [Float](repeating: 1, count: 6))
    let y = Part("targets", "I64", [3], [Int64(0), 1, 2])
    let short = Part("targets", "I64", [2], [Int64(0), 1])
    #expect(
      refusal(try source([x, short])).contains(
        "train.safetensors: targets has 2 rows, but \(folder.path)/train.safetensors: inputs has 3")
    )
    let other = Part("inputs", "F64", [3, 2], [Double](repeating: 1, count: 6))
    #expect(
      refusal(try source([x, y], [other, y])).contains(
        "test.safetensors: inputs has rows of float64 [2], but those of"))
    let beyond = Part("targets", "I64", [3], [Int64(0), 5, 2])
    #expect(
      refusal(try source([x, y], [x, beyond])).contains(
        "test.safetensors: targets has 5, which is not from 0 to 2, at index [1]."))
    let negative = Part("targets", "I64", [3], [Int64(0), 1, -1])
    #expect(
      refusal(try source([x, negative])).contains("targets has -1, which is not from 0 to"))
    let nan = Part("targets", "F32", [3, 2], [Float(0), 1, 2, .nan, 4, 5])
    #expect(refusal(try source([x, nan])).contains("at index [1, 1]."))
    let wide = Part("targets", "F32", [3], [Float(0), 1, 2])
    #expect(
      refusal(try source([x, wide], classes: .given(3))).contains(
        "holds numbers of type float32, which are no classes"))
    var named = try source([x, y])
    named.inputs = "pixels"
    #expect(refusal(named).contains("has no pixels; it has inputs, targets."))
  }

  @Test(
    "in files of other kinds is refused with what is read",
    arguments: ["train.bin", "train", "train.safetensors.gz", "train.npy"])
  func endings(name: String) throws {
    let path = try folder.write(name, text: "x")
    let source = ArraySource(
      train: ArraySource.Part(path), test: ArraySource.Part(path), validation: nil)
    #expect(
      refusal(source).contains(
        name == "train.npy" ? "no file was named for its targets" : "ends in none of"))
  }

  @Test("with a number that is not finite is refused when it is loaded, with its index")
  func notFinite() throws {
    for (type, bad) in [("F32", Float.nan), ("F32", .infinity)] {
      let x = Part("inputs", type, [3, 2], [Float(0), 1, 2, 3, 4, bad])
      let y = Part("targets", "I64", [3], [Int64(0), 1, 2])
      let set = try ArraySets(source([x, y])).train
      var row = [Float](repeating: 0, count: 4)
      #expect(throws: Never.self) { try copy(set, [0, 1], &row) }
      let error = #expect(throws: DatasetError.self) { try copy(set, [1, 2], &row) }
      #expect(error?.description.contains("not finite") == true)
      #expect(error?.description.contains("at index [2, 1].") == true)
    }
    // Finite as it is stored, and too large for what it becomes.
    let x = Part("inputs", "F64", [1, 1], [1e300])
    let set = try ArraySets(source([x, Part("targets", "I64", [1], [Int64(0)])])).train
    var number = [Float(0)]
    #expect(throws: DatasetError.self) { try copy(set, [0], &number) }
    var double = [0.0]
    #expect(throws: Never.self) { try copy(set, [0], &double) }
    #expect(double == [1e300])
  }

  private func copy<Number: Scalar>(
    _ set: ArraySet, _ indices: [Int], _ numbers: inout [Number], step: AugmentationStep? = nil
  ) throws(DatasetError) {
    let place = UnsafeMutablePointer<Number>.allocate(capacity: numbers.count)
    let wanted = UnsafeMutableBufferPointer<Int>.allocate(capacity: indices.count)
    defer {
      place.deallocate()
      wanted.deallocate()
    }
    _ = wanted.update(fromContentsOf: indices)
    try set.copyInputs(UnsafeBufferPointer(wanted), into: place, augmentation: step)
    numbers = Array(UnsafeBufferPointer(start: place, count: numbers.count))
  }

  // MARK: What a model sees

  /// The same bytes through both ways, moved, mirrored and normalised.
  @Test("of bytes gives the numbers of a set of images, to the last bit")
  func sameAsImages() throws {
    var random = SplitMix(seed: 5)
    let pixels = (0..<6 * 3 * 5 * 4).map { _ in UInt8.random(in: 0...255, using: &random) }
    let labels = (0..<6).map { UInt8($0 % 3) }
    let normalisation = Normalisation(mean: [0.1, 0.2, 0.3], deviation: [0.4, 0.3, 0.7])
    let images = ImageSet(
      name: "images", height: 5, width: 4, channels: 3, classCount: 3,
      normalisation: normalisation, pixels: pixels, labels: labels)
    let sets = try ArraySets(
      source(
        [Part("inputs", "U8", [6, 3, 5, 4], pixels), Part("targets", "U8", [6], labels)],
        layout: .images))
    let set = sets.train.normalised(by: normalisation)
    let indices = [4, 0, 5]
    for step in [nil, Augmentation(flip: true, crop: 2, seed: 3)[step: 7]] {
      var expected = [Float](repeating: 0, count: 3 * 60)
      var found = expected
      expected.withUnsafeMutableBufferPointer {
        if let start = $0.baseAddress {
          images.copyImages(indices, into: start, augmentation: step)
        }
      }
      try copy(set, indices, &found, step: step)
      #expect(found == expected)
    }
    #expect(try set.statistics() == images.statistics())
    for kind in [SplitKind.random, .tail, .balanced] {
      let one = try ImageSplit(images, validation: 3, kind: kind, trainLimit: nil, seed: 9)
      let other = try SetSplit(set, validation: 3, kind: kind, trainLimit: nil, seed: 9)
      let places = (0..<3).map { one.validation.position(at: $0) }
      #expect(places == (0..<3).map { other.validation.position(at: $0) })
      let noise = LabelNoise(.symmetric, share: 0.5)
      let (a, b) = (
        noise.applied(to: one.training, seed: 1), noise.applied(to: other.training, seed: 1)
      )
      #expect((0..<3).allSatisfy { a.label(at: $0) == b.label(at: $0) })
      #expect((0..<3).allSatisfy { a.trueLabel(at: $0) == b.trueLabel(at: $0) })
    }
  }

  @Test("has the mean and the deviation of its training part, of each column", arguments: [1, 3])
  func statistics(sequence: Int) throws {
    var random = SplitMix(seed: 11)
    let (rows, columns) = (50, 4)
    let x = (0..<rows * sequence * columns).map { place in
      place % columns == 2
        ? 7 : Double.random(in: -1...3, using: &random) * Double(place % columns + 1)
    }
    let shape = sequence == 1 ? [rows, columns] : [rows, sequence, columns]
    let y = (0..<rows).map { Int64($0 % 2) }
    let sets = try ArraySets(
      source([Part("inputs", "F64", shape, x), Part("targets", "I64", [rows], y)]))
    let split = try SetSplit(sets.train, validation: 20, kind: .tail, trainLimit: nil, seed: 0)
    let data = try ArraySplit(
      training: split.training, validation: split.validation, test: sets.test,
      normalising: .standard)
    let used = try #require(data.test.normalisation)
    for column in 0..<columns {
      let values = (0..<30 * sequence).map { x[$0 * columns + column] }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance =
        values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      // Both sums have rounding errors of a few units in the last place.
      #expect(abs(used.mean[column] - mean) <= 1e-13)
      let deviation = column == 2 ? 1 : variance.squareRoot()
      #expect(abs(used.deviation[column] - deviation) <= 1e-12)
    }
    var row = [Double](repeating: 0, count: sequence * columns)
    try copy(data.validation, [0], &row)
    let first = 30 * sequence * columns
    for place in row.indices {
      let column = place % columns
      #expect(row[place] == (x[first + place] - used.mean[column]) / used.deviation[column])
    }
  }

  @Test("takes one mean for all columns or one for each, and no other number of them")
  func given() throws {
    let x = Part("inputs", "F32", [2, 3], [Float](repeating: 1, count: 6))
    let set = try ArraySets(source([x, Part("targets", "I64", [2], [Int64(0), 1])])).train
    func split(_ mean: [Double]) throws -> ArraySplit {
      try ArraySplit(
        training: set, validation: set, test: set,
        normalising: .given(Normalisation(mean: mean, deviation: mean.map { _ in 2 })))
    }
    #expect(try split([1]).training.normalisation?.mean == [1, 1, 1])
    #expect(try split([1, 2, 3]).training.normalisation?.mean == [1, 2, 3])
    #expect(throws: DatasetError.self) { try split([1, 2]) }
  }

  @Test("without classes has no balanced split, no long tail and no wrong labels")
  func withoutClasses() throws {
    let x = Part("inputs", "F32", [4, 1], [Float](repeating: 1, count: 4))
    let set = try ArraySets(source([x, Part("targets", "F32", [4], [Float(0), 1, 2, 3])])).train
    #expect(throws: SplitError.noClasses(.balancedSplit, set: set.name)) {
      try SetSplit(set, validation: 2, kind: .balanced, trainLimit: nil, seed: 0)
    }
    #expect(throws: SplitError.noClasses(.longTail, set: set.name)) {
      try SetSplit(set, validation: 2, kind: .random, trainLimit: nil, imbalance: 2, seed: 0)
    }
    #expect(throws: SplitError.noClasses(.labelNoise, set: set.name)) {
      try SetSplit(
        set, validation: 2, kind: .random, trainLimit: nil, noise: LabelNoise(.pair, share: 0.5),
        seed: 0)
    }
    let split = try SetSplit(set, validation: 2, kind: .random, trainLimit: nil, seed: 0)
    #expect(split.training.count == 2 && split.validation.count == 2)
  }

  // MARK: Text

  @Test("as a text is its bytes and the next ones, in three parts in a row")
  func text() throws {
    let path = try folder.write("a.txt", (0..<101).map { UInt8($0) })
    let sets = try ArraySets(text: path, test: nil, context: 10, validation: 3)
    let validation = try #require(sets.validation)
    #expect((sets.train.count, validation.count, sets.test.count) == (4, 3, 3))
    #expect(sets.train.inputs == .tokens([10], vocabulary: 256))
    let place = UnsafeMutablePointer<Int32>.allocate(capacity: 20)
    defer { place.deallocate() }
    try [0, 2].withUnsafeBufferPointer { try validation.copyTokens($0, into: place) }
    let expected = (Array(40..<50) + Array(60..<70)).map { Int32($0) }
    #expect(Array(UnsafeBufferPointer(start: place, count: 20)) == expected)
    try [0, 2].withUnsafeBufferPointer { try validation.copyTargets($0, into: place) }
    #expect(Array(UnsafeBufferPointer(start: place, count: 20)) == expected.map { $0 + 1 })
    try [2].withUnsafeBufferPointer { try sets.test.copyTargets($0, into: place) }
    #expect(place[9] == 100)
    let both = try ArraySets(text: path, test: path, context: 10, validation: 3)
    #expect(both.train.count == 7 && both.validation?.count == 3 && both.test.count == 10)
    #expect(throws: DatasetError.self) {
      try ArraySets(text: path, test: nil, context: 10, validation: 5)
    }
    #expect(throws: DatasetError.self) {
      try ArraySets(text: path, test: nil, context: 101, validation: 1)
    }
  }
}
