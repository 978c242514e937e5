import CMatIO
import Foundation
import Testing

@testable import Datasets

/// SVHN's MAT files, made by libmatio itself and, once, by scipy.
@Suite struct SVHNTests {
  private typealias Variable = TemporarySVHN.Variable

  /// `make-svhn-sample.py` says what is in the file.
  @Test func readsWhatScipyHasWritten() throws {
    let sample = try #require(
      Bundle.module.url(forResource: "svhn-sample", withExtension: "mat", subdirectory: "Resources")
    )
    let file = try SVHNFile(sample.path)
    #expect(file.labels == [0, 1, 9])
    var expected: [UInt8] = []
    for image in 0..<3 {
      for channel in 0..<3 {
        for row in 0..<32 {
          for column in 0..<32 {
            let value = 7 * row + 3 * column + 50 * channel + 11 * image
            expected.append(UInt8(truncatingIfNeeded: value))
          }
        }
      }
    }
    #expect(file.pixels == expected)
  }

  @Test(arguments: [false, true])
  func readsBothParts(doubleLabels: Bool) throws {
    let files = try TemporarySVHN()
    try files.write(
      "train", [.images(4), .labels([3, 10, 1, 9], isDouble: doubleLabels)])
    try files.write("test", [.labels([10]), .images(1)])
    let sets = try DatasetName.svhn.load(folder: files.folder)
    #expect((0..<4).map { sets.train.label(at: $0) } == [3, 0, 1, 9])
    #expect(sets.train.classCount == 10 && sets.train.channels == 3 && sets.train.width == 32)
    #expect(sets.test.count == 1 && sets.test.label(at: 0) == 0)
    // Row 2, column 5 of channel 1 of image 3 lies at 2 + 32 · 5 + 1024 in the file.
    let place = 1024 + 32 * 5 + 2
    let byte = Array(sets.train.bytes(at: 3))[1024 + 32 * 2 + 5]
    #expect(byte == UInt8(truncatingIfNeeded: 3 * 31 + place * 7))
  }

  struct Content: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let message: String
    let variables: [TemporarySVHN.Variable]

    init(_ description: String, _ message: String, _ variables: TemporarySVHN.Variable...) {
      testDescription = description
      self.message = message
      self.variables = variables
    }
  }

  @Test(arguments: [
    Content("no images", "has no variable X", .labels([1])),
    Content("no labels", "has no variable y", .images(1)),
    Content(
      "grey", "X of shape [32, 32, 1, 2]", .labels([1, 2]), .images(2, shape: [32, 32, 1, 2])),
    Content(
      "other order", "X of shape [2, 32, 32, 3]", .labels([1, 2]),
      .images(2, shape: [2, 32, 32, 3])),
    Content("counts", "has 3 images in X, but 2 labels in y", .labels([1, 2]), .images(3)),
    Content("label 0", "has the label 0.0 at index 1", .labels([1, 0]), .images(2)),
    Content("label 11", "has the label 11.0 at index 0", .labels([11, 1]), .images(2)),
    Content(
      "shape of labels", "y of shape [2, 2]", .images(4),
      TemporarySVHN.Variable(name: "y", shape: [2, 2], bytes: [1, 2, 3, 4])),
    Content(
      "images of double", "has images X of another type than uint8", .labels([1]),
      TemporarySVHN.Variable(
        name: "X", shape: [32, 32, 3, 1], bytes: [UInt8](repeating: 1, count: 3072), isDouble: true)
    ),
  ])
  func refuses(_ content: Content) throws {
    let files = try TemporarySVHN()
    try files.write("train", content.variables)
    try expectRefusal(of: files, content.message)
  }

  @Test func refusesWhatIsNoMATFileOfLevelFive() throws {
    let files = try TemporarySVHN()
    try expectRefusal(of: files, "is missing")
    try files.write("train", [.images(1), .labels([1])], version: MAT_FT_MAT73)
    try expectRefusal(of: files, "version 7.3")
    try Data("<html>not found</html>".utf8).write(to: URL(fileURLWithPath: files.path("train")))
    try expectRefusal(of: files, "is no MAT file: it ends after 22 bytes")
    try Data(repeating: 32, count: 4096).write(to: URL(fileURLWithPath: files.path("train")))
    try expectRefusal(of: files, "is no MAT file of level 5")
  }

  /// Cut anywhere, also inside the tag of the second variable.
  @Test(arguments: [1, 8, 40, 3000, 6000])
  func refusesTruncatedFiles(_ missing: Int) throws {
    let files = try TemporarySVHN()
    try files.write("train", [.labels([1, 2, 3]), Self.noise(3)])
    try files.edit("train") { $0.removeLast(missing) }
    try expectRefusal(of: files, "is truncated")
  }

  /// A byte changed in the middle of compressed data.
  @Test func refusesDamagedFiles() throws {
    let files = try TemporarySVHN()
    try files.write("train", [.labels([1, 2, 3]), Self.noise(3)])
    try files.edit("train") { for place in 3000..<3040 { $0[place] ^= 0xFF } }
    try expectRefusal(of: files, "is damaged")
  }

  /// Images that compress badly, so that most of the file is their data.
  private static func noise(_ count: Int) -> TemporarySVHN.Variable {
    var state: UInt32 = 1
    return TemporarySVHN.Variable(
      name: "X", shape: [32, 32, 3, count],
      bytes: (0..<count * 3072).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(truncatingIfNeeded: state >> 24)
      })
  }

  private func expectRefusal(
    of files: TemporarySVHN, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let error = #expect(throws: DatasetError.self, sourceLocation: sourceLocation) {
      try DatasetName.svhn.load(folder: files.folder)
    }
    let description = error.map { "\($0)" } ?? ""
    #expect(description.contains("train_32x32.mat"), sourceLocation: sourceLocation)
    #expect(description.contains(message), sourceLocation: sourceLocation)
  }
}
