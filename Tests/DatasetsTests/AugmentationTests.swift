import Testing

@testable import Datasets

@Suite struct AugmentationTests {
  /// Two channels of 3×4, every byte another one, none of them 0.
  private let set = ImageSet(
    name: "small", height: 3, width: 4, channels: 2, classCount: 1,
    normalisation: Normalisation(mean: [0.25, 0.5], deviation: [0.5, 0.125]),
    pixels: (0..<3 * 24).map { UInt8(1 + $0 * 3) }, labels: [0, 0, 0])

  /// An image's bytes, moved: the numbers of a set without normalisation.
  private func moved(_ bytes: [UInt8], _ placement: ImagePlacement) -> [UInt8] {
    let identity = (0..<512).map { Double($0 % 256) }
    var output = [Double](repeating: -1, count: bytes.count)
    set.copy(bytes, placement, identity, into: &output)
    return output.map { UInt8($0) }
  }

  @Test func mirroredTwiceIsTheSame() {
    let bytes = Array(set.bytes(at: 1))
    let mirror = ImagePlacement(isMirrored: true, down: 0, right: 0)
    let once = moved(bytes, mirror)
    #expect(once != bytes)
    #expect(moved(once, mirror) == bytes)
    // Row 0 of channel 0.
    #expect(Array(once[..<4]) == bytes[..<4].reversed())
  }

  @Test func theCutIsTakenBeforeTheMirrorImage() {
    let bytes = Array(set.bytes(at: 0))
    let cut = ImagePlacement(isMirrored: false, down: 1, right: -2)
    let both = ImagePlacement(isMirrored: true, down: 1, right: -2)
    let mirror = ImagePlacement(isMirrored: true, down: 0, right: 0)
    // Channel 0 has rows 1 4 7 10, 13 16 19 22, 25 28 31 34.
    #expect(Array(moved(bytes, cut)[..<12]) == [0, 0, 13, 16, 0, 0, 25, 28, 0, 0, 0, 0])
    #expect(moved(bytes, both) == moved(moved(bytes, cut), mirror))
  }

  /// What moves in is the number that a byte of 0 becomes, per channel.
  @Test func paddingIsBlackBeforeTheNormalisation() {
    let far = ImagePlacement(isMirrored: false, down: 3, right: 0)
    let bytes = Array(set.bytes(at: 0))
    var output = [Double](repeating: 9, count: 24)
    set.copy(bytes, far, set.doubleTable, into: &output)
    #expect(output == Array(repeating: -0.5, count: 12) + Array(repeating: -4, count: 12))
  }

  @Test func everyPlaceAndBothSidesAreDrawn() {
    let step = AugmentationStep(
      augmentation: Augmentation(flip: true, crop: 4, seed: 7), step: 12)
    let drawn = (0..<16_200).map { step.placement(of: $0) }
    var counts: [[Int]] = Array(repeating: Array(repeating: 0, count: 9), count: 9)
    for placement in drawn { counts[placement.down + 4][placement.right + 4] += 1 }
    // 200 in the mean; 14 is their deviation, and six of them are not met by chance.
    #expect(counts.joined().allSatisfy { abs($0 - 200) <= 84 })
    // 8100 in the mean, with a deviation of 64.
    #expect(abs(drawn.count { $0.isMirrored } - 8100) <= 384)
  }

  @Test func isAFunctionOfSeedStepAndNumber() {
    func drawn(seed: UInt64 = 1, step: Int = 5, crop: Int = 4) -> [ImagePlacement] {
      let chosen = AugmentationStep(
        augmentation: Augmentation(flip: true, crop: crop, seed: seed), step: step)
      return (0..<100).map { chosen.placement(of: $0) }
    }
    #expect(drawn() == drawn())
    #expect(drawn() != drawn(seed: 2) && drawn() != drawn(step: 6))
    // The mirror images are the same without a crop.
    #expect(drawn(crop: 0).allSatisfy { $0.down == 0 && $0.right == 0 })
    #expect(drawn(crop: 0).map(\.isMirrored) == drawn().map(\.isMirrored))
  }

  /// The number in the data set counts, not that in the split or the minibatch.
  @Test func followsTheImageIntoASplit() throws {
    let augmentation = try #require(Augmentation(flip: true, crop: 2, seed: 3)[step: 40])
    var whole = [Float](repeating: 0, count: 3 * 24)
    var part = [Float](repeating: 0, count: 2 * 24)
    set.copyImages([0, 1, 2], into: &whole, augmentation: augmentation)
    set.selecting([2, 0]).copyImages([1, 0], into: &part, augmentation: augmentation)
    #expect(part == Array(whole[..<24] + whole[48...]))
  }

  @Test func offMeansUntouched() {
    #expect(Augmentation.none[step: 3] == nil)
    #expect(Augmentation(flip: false, crop: 0, seed: 9)[step: 3] == nil)
    var plain = [Double](repeating: 0, count: 24)
    var moved = [Double](repeating: 1, count: 24)
    set.copyImages([1], into: &plain)
    let still = ImagePlacement(isMirrored: false, down: 0, right: 0)
    set.copy(Array(set.bytes(at: 1)), still, set.doubleTable, into: &moved)
    #expect(plain == moved)
  }
}
