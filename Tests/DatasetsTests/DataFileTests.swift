import Foundation
import Testing

@testable import Datasets

/// Files that ask for more than they hold, never end, or lie beside others.
@Suite struct DataFileTests {
  private static let images = "train-images-idx3-ubyte"

  private func refusal(_ files: TemporaryIDX) -> DatasetError? {
    #expect(throws: DatasetError.self) { try DatasetName.mnist.load(folder: files.folder) }
  }

  private func set() throws -> TemporaryIDX {
    let files = try TemporaryIDX()
    try files.writeSet()
    return files
  }

  /// The compressed file is cut long behind what its header announces: whoever inflates it all finds
  /// that it ends early.
  @Test func inflatesNoMoreThanTheHeaderAnnounces() throws {
    let files = try set()
    try files.edit(Self.images) { $0 += [UInt8](repeating: 0, count: 1 << 26) }
    try files.compress(Self.images)
    try files.edit(Self.images + ".gz") { $0.removeLast(1000) }
    let error = refusal(files)
    #expect(
      error?.problem == "is damaged, or has bytes after its end: its header announces 3936")
  }

  @Test func refusesBytesBehindTheCompressedData() throws {
    let files = try set()
    try files.compress(Self.images)
    try files.edit(Self.images + ".gz") { $0 += Array("garbage".utf8) }
    #expect(refusal(files)?.problem == "has bytes after the end of its compressed data")
  }

  /// `cat a.gz b.gz` is gzip too.
  @Test func readsSeveralMembers() throws {
    let files = try set()
    let all = TemporaryIDX.images(count: 5)
    var members: [UInt8] = []
    for part in [all[..<100], all[100...]] {
      try files.write("part", Array(part))
      try files.compress("part")
      members += Array(
        try Data(contentsOf: URL(fileURLWithPath: "\(files.folder)/mnist/part.gz")))
      try FileManager.default.removeItem(atPath: "\(files.folder)/mnist/part.gz")
    }
    try FileManager.default.removeItem(atPath: "\(files.folder)/mnist/\(Self.images)")
    try files.write(Self.images + ".gz", members)
    let train = try DatasetName.mnist.load(folder: files.folder).train
    #expect((0..<5).flatMap { train.bytes(at: $0) } == Array(all[16...]))
    #expect(DatasetState(of: .mnist, in: files.folder) == .part(train: 5, test: 5))
  }

  @Test(arguments: [
    // 2²⁰ images in a few compressed bytes; and 2³² · 28 · 28.
    ([0, 0x10, 0, 0] as [UInt8], true, "is truncated: its header announces 822083600"),
    ([0, 0x10, 0, 0], false, "is truncated: 3936 bytes, but its header announces 822083600"),
    (
      [0xFF, 0xFF, 0xFF, 0xFF], false,
      "announces 4294967295×28×28 bytes in its header, more than any such set has"
    ),
  ])
  func refusesWhatTheFileCannotHold(count: [UInt8], compressed: Bool, problem: String) throws {
    let files = try set()
    try files.edit(Self.images) { $0.replaceSubrange(4..<8, with: count) }
    if compressed { try files.compress(Self.images) }
    let error = refusal(files)
    #expect(error?.problem == problem)
    #expect(DatasetState(of: .mnist, in: files.folder) == error.map { .unusable($0) })
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["pipe", "device"])
  func refusesWhatIsNoFile(kind: String) throws {
    let files = try set()
    let path = "\(files.folder)/mnist/\(Self.images)"
    try FileManager.default.removeItem(atPath: path)
    if kind == "pipe" {
      #expect(mkfifo(path, 0o600) == 0)
    } else {
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: "/dev/zero")
    }
    let error = refusal(files)
    #expect(error?.path == path && error?.problem == "is a \(kind), not a file")
  }

  @Test(arguments: ["MNIST/raw", "FashionMNIST/raw", "KMNIST/raw"])
  func findsWhatTorchvisionLeaves(place: String) throws {
    let files = try set()
    let target = "\(files.folder)/\(place)"
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    try FileManager.default.removeItem(atPath: target)
    try FileManager.default.moveItem(atPath: "\(files.folder)/mnist", toPath: target)
    let sets: [DatasetName] = [.mnist, .fashionMNIST, .kmnist]
    for set in sets {
      let state = DatasetState(of: set, in: files.folder)
      let isMeant = place.lowercased().hasPrefix(set.rawValue.replacing("-", with: "") + "/")
      #expect(state == (isMeant ? .part(train: 5, test: 5) : .absent), "\(set)")
      if isMeant { #expect(try set.load(folder: files.folder).train.count == 5) }
    }
  }

  @Test func findsNamesWithADot() throws {
    let files = try set()
    for name in DatasetName.mnist.requiredFiles {
      try FileManager.default.moveItem(
        atPath: "\(files.folder)/mnist/\(name)",
        toPath: "\(files.folder)/mnist/\(name.replacing("-idx", with: ".idx"))")
    }
    try files.compress("t10k-images.idx3-ubyte")
    #expect(try DatasetName.mnist.load(folder: files.folder).test.count == 5)
  }

  @Test func readsTheRawFileBesideACompressedOne() throws {
    let files = try set()
    try files.write(Self.images + ".gz", Array("<html>not found</html>".utf8))
    #expect(try DatasetName.mnist.load(folder: files.folder).train.count == 5)
    try files.edit(Self.images) { $0.removeLast() }
    let error = refusal(files)
    #expect(error?.problem.hasPrefix("is truncated") == true)
    #expect(error?.description.hasSuffix("\(Self.images).gz beside it would be read.") == true)
  }

  /// A web page that was saved under the file's name.
  @Test func looksAtHeaders() throws {
    let files = try set()
    #expect(DatasetState(of: .mnist, in: files.folder) == .part(train: 5, test: 5))
    let name = "t10k-labels-idx1-ubyte"
    try files.edit(name) { $0 = Array("<html>not found</html>".utf8) }
    #expect(
      DatasetState(of: .mnist, in: files.folder)
        == .unusable(try #require(refusal(files))))
    #expect(DatasetState(of: .kmnist, in: files.folder) == .absent)
  }

  /// Only the length at the end of the compressed file tells, without inflating it all.
  @Test func looksAtTheLengthThatGzipNotes() throws {
    let files = try set()
    try files.compress(Self.images)
    #expect(DatasetState(of: .mnist, in: files.folder) == .part(train: 5, test: 5))
    try files.edit(Self.images + ".gz") { $0.removeLast(9) }
    #expect(
      DatasetState(of: .mnist, in: files.folder)
        == .unusable(try #require(refusal(files))))
  }
}
