import Datasets
import Foundation
import TestSupport
import Testing

@testable import Settings

@Suite("Keys of one's own data")
struct DataPathTests {
  private static let yaml = """
    data:
      set: files
      train: some/train.npz
      test: ../test.npz
      train-targets: /whole/path.npy
    """

  private func paths(name: String) throws -> [String?] {
    var reader = ConfigurationReader(over: Preset.glyphs.configuration)
    try reader.read(yaml: Self.yaml, name: name)
    let data = try reader.checked().data
    return [data.train, data.test, data.trainTargets].map { $0?.path }
  }

  @Test("paths of a file begin where the file is")
  func besideFile() throws {
    let here = FileManager.default.currentDirectoryPath
    #expect(
      try paths(name: "/etc/my/config.yaml") == [
        "/etc/my/some/train.npz", "/etc/my/../test.npz", "/whole/path.npy",
      ])
    #expect(
      try paths(name: "sub/config.yaml") == [
        "\(here)/sub/some/train.npz", "\(here)/sub/../test.npz", "/whole/path.npy",
      ])
    for name in ["config.yaml", "standard input", "/dev/fd/63"] {
      #expect(try paths(name: name).first == "\(here)/some/train.npz")
    }
  }

  @Test("paths of --set begin where the program is, and are kept whole")
  func besideProgram() throws {
    let read = try configuration([
      "data.set=files", "data.train=a: #1.csv", "data.test=/b.csv", "data.targets=y",
    ])
    let here = FileManager.default.currentDirectoryPath
    #expect(read.data.train == DataPath("\(here)/a: #1.csv"))
    #expect(read.data.test == DataPath("/b.csv"))
    #expect(try configuration(yaml: read.yaml(comments: false)) == read)
  }

  @Test("keys that other sets would not look at are not printed")
  func printed() throws {
    let known = try configuration().yaml(comments: true)
    #expect(!known.contains("train-targets") && known.contains("normalise: own"))
    let text = try configuration(["data.set=text", "data.train=/a.txt"]).yaml(comments: false)
    #expect(text.contains("context: 128") && !text.contains("train-targets:"))
  }

  @Test("a normalisation is a pair of numbers or of lists")
  func normalisation() throws {
    let one = try configuration(["data.normalise=[0.1307, 0.3081]"]).data.normalise
    #expect(one == .given(Normalisation(mean: [0.1307], deviation: [0.3081])))
    let text = "data: {normalise: [[0.5, 0.25], [1, 2e-1]]}"
    let several = try configuration(yaml: text).data.normalise
    #expect(several == .given(Normalisation(mean: [0.5, 0.25], deviation: [1, 0.2])))
    let block = "data:\n  normalise:\n    - 1\n    - 2\n"
    #expect(
      try configuration(yaml: block).data.normalise
        == .given(Normalisation(mean: [1], deviation: [2])))
    let deep = "data: {normalise: \(String(repeating: "[", count: 500))1"
    #expect(error(yaml: deep + String(repeating: "]", count: 500) + "}") != nil)
  }
}
