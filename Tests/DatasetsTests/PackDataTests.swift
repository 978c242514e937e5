import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Files that `scripts/pack-data` makes; skipped where Python has no numpy.
@Suite(
  "Packed data",
  .enabled("needs python3 with numpy") {
    try Command.run("python3", "-c", "import numpy").status == 0
  })
struct PackDataTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func pack(_ arguments: String..., into name: String) throws -> ArraySet {
    let packed = try Command.run(
      arguments: ["\(Command.project)/scripts/pack-data"] + arguments)
    #expect(packed.status == 0, "\(packed.output)")
    let part = ArraySource.Part(folder.path(name))
    var source = ArraySource(train: part, test: part, validation: nil)
    source.layout = .images
    return try ArraySets(source).train
  }

  @Test("of folders of images are images with the folders as classes")
  func images() throws {
    for (place, name) in ["b/1.pgm", "a/2.pgm", "b/3.pgm"].enumerated() {
      let path = folder.path("images/\(name)")
      try FileManager.default.createDirectory(
        atPath: String(path.dropLast(6)), withIntermediateDirectories: true)
      try folder.write(
        "images/\(name)", Array("P5\n# x\n3 2\n255\n".utf8) + (0..<6).map { UInt8(10 * place + $0) }
      )
    }
    let output = folder.path("i.safetensors")
    let set = try pack("images", folder.path("images"), output, into: "i.safetensors")
    #expect(set.inputs == .image(channels: 1, height: 2, width: 3))
    #expect((0..<3).map { set.label(at: $0) } == [0, 1, 1])
    let pixels = try ArrayFormatTests.numbers(set.inputArray)
    #expect(pixels == [10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 20, 21, 22, 23, 24, 25])
  }

  @Test("of tables and texts are what the program makes of them itself")
  func others() throws {
    try folder.write("t.csv", text: "x,y,z\n1,0.5,2\n4,5,0\n")
    let table = try pack(
      "csv", folder.path("t.csv"), folder.path("t.npz"), "--targets", "z", into: "t.npz")
    #expect(table.inputs == .numbers([2]) && table.targets == .classes(count: 3))
    #expect(try ArrayFormatTests.numbers(table.inputArray) == [1, 0.5, 4, 5])
    try folder.write("a.txt", text: "hello, world")
    let text = try pack(
      "text", folder.path("a.txt"), folder.path("a.npz"), "--context", "4", into: "a.npz")
    #expect(text.inputs == .tokens([4], vocabulary: 120) && text.count == 2)
    #expect(
      try ArrayFormatTests.numbers(text.targetArray).map { UInt8($0) } == Array("ello, wo".utf8))
  }

  @Test("of MNIST's files are their images and labels")
  func idx() throws {
    try folder.write("images", SmallIDX.images(count: 12))
    try folder.write("labels", SmallIDX.labels(count: 12))
    let set = try pack(
      "idx", folder.path("images"), folder.path("labels"), folder.path("m.safetensors"),
      into: "m.safetensors")
    #expect(set.inputs == .image(channels: 1, height: 28, width: 28) && set.classes == 10)
    let pixels = try ArrayFormatTests.numbers(set.inputArray).map { UInt8($0) }
    #expect(pixels == Array(SmallIDX.images(count: 12).dropFirst(16)))
  }
}
