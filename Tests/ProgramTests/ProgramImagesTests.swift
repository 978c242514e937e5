import Testing

extension ProgramTests {
  /// What happens to the images between the file and the network.
  @Suite("Images") struct Images {
    static let augmented = ["data.set=glyphs", "data.flip=true", "data.crop=4"]

    @Test("are moved and mirrored the same way on every grid")
    func augmentedBits() throws {
      let reference = try TinyRun(Self.augmented, grid: "1x1")
      reference.expectSuccess()
      #expect(try reference.hypergradients.contains { $0 != 0 })
      for grid in ["1x2", "2x1", "1x3", "3x1"] {
        try TinyRun(Self.augmented, grid: grid).expectSameBits(as: reference, "\(grid)")
      }
    }

    @Test("are moved and mirrored only when asked for")
    func augmentationShows() throws {
      let plain = try TinyRun(["data.set=glyphs"])
      let mirrored = try TinyRun(["data.set=glyphs", "data.flip=true"])
      let moved = try TinyRun(["data.set=glyphs", "data.crop=4"])
      for run in [plain, mirrored, moved] { run.expectSuccess() }
      #expect(plain.bytes(.trajectory) != mirrored.bytes(.trajectory))
      #expect(plain.bytes(.trajectory) != moved.bytes(.trajectory))
      #expect(mirrored.bytes(.trajectory) != moved.bytes(.trajectory))
    }

    /// 16 images of each class, 4 of them held out, 12 · 4^(−i / 9) of the others kept.
    @Test("form a long tail whose counts are reported", arguments: [nil, 3])
    func longTail(ranks: Int?) throws {
      let run = try TinyRun(["data.split=balanced", "data.imbalance=4"], ranks: ranks)
      run.expectSuccess()
      let counts = [12, 10, 8, 7, 6, 5, 4, 4, 3, 3]
      let reported = try run.summary["training_images_per_class"]?.array ?? []
      #expect(reported.compactMap(\.int) == counts)
      let log = String(decoding: run.bytes(.log), as: UTF8.self)
      #expect(log.contains("training images of each class: \(counts)"))
      #expect(run.run.output.contains("62 training, 40 validation and 20 test images"))
    }

    @Test(
      "that do not suffice are refused with the key",
      arguments: [
        (["data.split=balanced", "data.validation=45"], "data.validation is 45"),
        (["data.split=balanced", "data.imbalance=13"], "data.imbalance is 13"),
        (["data.imbalance=4", "inner.batch=110", "data.split=balanced"], "inner.batch is 110"),
      ] as [([String], String)], [nil, 3])
    func tooFew(bad: (settings: [String], words: String), ranks: Int?) throws {
      let run = try TinyRun(bad.settings, ranks: ranks)
      #expect(run.run.exitCode == 64)
      #expect(run.run.errorLines.contains { $0.contains(bad.words) })
    }
  }
}
