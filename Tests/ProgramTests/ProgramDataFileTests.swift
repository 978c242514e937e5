import Foundation
import TestSupport
import Testing

extension ProgramTests {
  /// Image files that cannot be used.
  @Suite("Data files") struct DataFiles {
    /// A change to a good folder of 160 training and 20 test images, and words about it.
    struct Spoiled: CustomTestStringConvertible, Sendable {
      let testDescription: String
      let file: String
      let words: [String]
      /// The bytes to put there; nil removes the file.
      let bytes: @Sendable ([UInt8]) -> [UInt8]?

      init(
        _ name: String, _ file: String, _ words: String...,
        bytes: @escaping @Sendable ([UInt8]) -> [UInt8]?
      ) {
        testDescription = name
        self.file = file
        self.words = words
        self.bytes = bytes
      }
    }

    static let images = "train-images-idx3-ubyte"
    static let labels = "train-labels-idx1-ubyte"
    static let testLabels = "t10k-labels-idx1-ubyte"

    static let cases = [
      Spoiled("missing", images, "is missing", "scripts/fetch-data mnist DIR") { _ in nil },
      Spoiled("missing test labels", testLabels, "is missing") { _ in nil },
      Spoiled("empty", images, "ends after 0 bytes") { _ in [] },
      Spoiled("truncated", images, "is truncated") { $0.dropLast(100) },
      Spoiled("too long", labels, "has bytes after its end") { $0 + [0] },
      Spoiled("wrong magic", images, "magic number 0x00000801", "0x00000803") {
        [0, 0, 8, 1] + $0.dropFirst(4)
      },
      Spoiled("labels for images", labels, "magic number 0x00000803") { _ in
        SmallIDX.images(count: 160)
      },
      Spoiled("no data at all", images, "magic number") {
        Array("<html>not found".utf8) + $0
      },
      Spoiled("label out of range", labels, "has the label 10 at index 159") {
        $0.dropLast() + [10]
      },
      Spoiled("no training images", images, "holds no images") { _ in SmallIDX.images(count: 0) },
      Spoiled("no test images", testImages, "holds no images") { _ in SmallIDX.images(count: 0) },
      Spoiled("counts differ", labels, "has 159 labels", "has 160 images") { _ in
        SmallIDX.labels(count: 159)
      },
      Spoiled("other size", testImages, "images of 14×56 pixels, not 28×28") {
        $0.prefix(8) + [0, 0, 0, 14, 0, 0, 0, 56] + $0.dropFirst(16)
      },
    ]
    static let testImages = "t10k-images-idx3-ubyte"

    @Test("good files are trained on", arguments: [nil, 3])
    func good(ranks: Int?) throws {
      let folder = try SmallIDX.folder()
      let run = try TinyRun(ranks: ranks, options: ["--data", folder.path])
      run.expectSuccess()
      #expect(run.run.output.contains("120 training, 40 validation and 20 test images"))
    }

    @Test("bad files are refused", arguments: zip(cases, aloneOrOnThreeRanks(cases.count)))
    func bad(spoiled: Spoiled, ranks: Int?) throws {
      let folder = try SmallIDX.folder()
      let file = URL(fileURLWithPath: folder.path("mnist/\(spoiled.file)"))
      let good = Array(try Data(contentsOf: file))
      try FileManager.default.removeItem(at: file)
      if let bytes = spoiled.bytes(good) { try Data(bytes).write(to: file) }
      try expectRefusal(of: spoiled.file, in: folder, spoiled.words, ranks: ranks)
    }

    @Test(
      "damaged compressed files are refused",
      arguments: [
        (0.6, nil, "ends in the middle of its compressed data"), (1, 200, "is damaged"),
        (1, -6, "is damaged"),
      ] as [(Double, Int?, String)], [nil, 3])
    func compressed(damage: (kept: Double, place: Int?, words: String), ranks: Int?) throws {
      let folder = try SmallIDX.folder()
      let file = folder.path("mnist/\(Self.images)")
      let packed = try Command.run("gzip", file)
      #expect(packed.status == 0, "\(packed.output)")
      var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file + ".gz")))
      if let place = damage.place { bytes[place < 0 ? bytes.count + place : place] ^= 0xFF }
      bytes = Array(bytes.prefix(Int(Double(bytes.count) * damage.kept)))
      try Data(bytes).write(to: URL(fileURLWithPath: file + ".gz"))
      try expectRefusal(of: Self.images, in: folder, [damage.words], ranks: ranks)
    }

    private func expectRefusal(
      of file: String, in folder: TemporaryFolder, _ words: [String], ranks: Int?
    ) throws {
      var input = BadInput(arguments: ["--data", folder.path])
      input.words = [file] + words
      try input.expectRefusal(ranks: ranks)
    }
  }
}
