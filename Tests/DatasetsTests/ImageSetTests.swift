import Testing

@testable import Datasets

@Suite struct ImageSetTests {
  @Test func copiesNormalisedImagesInOrder() {
    let set = ImageSet(
      name: "small", height: 2, width: 1, channels: 3, classCount: 4,
      normalisation: Normalisation(mean: [0.1, 0.2, 0.3], deviation: [0.5, 0.25, 2]),
      pixels: (0..<18).map { UInt8($0 * 14) }, labels: [3, 0, 2])
    let chosen = set.selecting([2, 0])
    var numbers = [Double](repeating: 0, count: 12)
    var single = [Float](repeating: 0, count: 12)
    var labels = [Int32](repeating: 9, count: 2)
    chosen.copyImages([1, 0], into: &numbers)
    chosen.copyImages([1, 0], into: &single)
    chosen.copyLabels([1, 0], into: &labels)
    #expect(labels == [3, 2])
    let (mean, deviation) = ([0.1, 0.2, 0.3], [0.5, 0.25, 2])
    for (place, image) in [0, 2].enumerated() {
      for i in 0..<6 {
        let byte = Double((image * 6 + i) * 14) / 255
        let expected = (byte - mean[i % 3]) / deviation[i % 3]
        #expect(abs(numbers[place * 6 + i] - expected) <= 1e-15)
        #expect(single[place * 6 + i] == Float(numbers[place * 6 + i]))
      }
    }
  }

  @Test func glyphsAreAFunctionOfTheSeedAndTheirNumber() {
    let few = Glyphs.images(.train, count: 40, seed: 1)
    let more = Glyphs.images(.train, count: 60, seed: 1)
    let other = Glyphs.images(.train, count: 40, seed: 2)
    let test = Glyphs.images(.test, count: 40, seed: 1)
    #expect((0..<40).allSatisfy { few.bytes(at: $0) == more.bytes(at: $0) })
    #expect((0..<40).contains { few.bytes(at: $0) != other.bytes(at: $0) })
    #expect((0..<40).allSatisfy { few.bytes(at: $0) != test.bytes(at: $0) })
  }

  /// Ten classes, each between half and twice its share, none of them empty or full of ink.
  @Test func glyphsAreBalancedAndVisible() {
    let set = Glyphs.images(.train, count: 2000)
    #expect(set.classCount == 10)
    #expect(set.classHistogram.allSatisfy { $0 >= 100 && $0 <= 400 })
    for index in 0..<200 {
      let ink = set.bytes(at: index).reduce(0) { $0 + Double($1) / 255 } / 784
      #expect(ink >= 0.02 && ink <= 0.8)
    }
  }
}
