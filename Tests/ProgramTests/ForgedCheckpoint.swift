import Foundation

@testable import Runs
@testable import Storage

/// A checkpoint whose content is changed and whose checksum is right.
struct ForgedCheckpoint {
  /// By name, in their order.
  private var tensors: [(name: String, type: SafeTensorsType, shape: [Int], bytes: [UInt8])] = []
  private var metadata: [JSONValue.Member]

  init(of path: String) throws {
    let file = try SafeTensorsFile(reading: path)
    metadata = file.metadata.map { .init($0.key, .string($0.text)) }
    for entry in file.header.entries {
      let start = file.dataStart
      tensors.append(
        (
          entry.name, entry.type, entry.shape,
          try file.input.bytes(at: start + entry.bytes.lowerBound..<start + entry.bytes.upperBound)
        ))
    }
  }

  /// Changes a text of the metadata.
  mutating func change(_ key: CheckpointFile.Key, _ change: (String) -> String) {
    for index in metadata.indices where metadata[index].key == key.rawValue {
      metadata[index].value = .string(change(metadata[index].value.string ?? ""))
    }
  }

  /// Changes a member of the record; nil removes it.
  mutating func set(_ key: String, to value: JSONValue?) throws {
    var record =
      try JSONValue(
        parsing: Array((metadata.first { $0.key == "record" }?.value.string ?? "").utf8)
      ).members ?? []
    record.removeAll { $0.key == key }
    if let value { record.append(.init(key, value)) }
    change(.record) { _ in JSONText.line(.object(record)) }
  }

  /// Gives a tensor another shape, with zeros for what is missing; nil removes it.
  mutating func reshape(_ name: String, to shape: [Int]?) {
    guard let index = tensors.firstIndex(where: { $0.name == name }) else { return }
    guard let shape else {
      tensors.remove(at: index)
      return
    }
    let count = shape.reduce(1, *) * tensors[index].type.size
    tensors[index].shape = shape
    tensors[index].bytes = Array(
      (tensors[index].bytes + [UInt8](repeating: 0, count: count)).prefix(count))
  }

  /// Puts a number in front of a tensor of double precision.
  mutating func poison(_ name: String, with number: Double) {
    guard let index = tensors.firstIndex(where: { $0.name == name }) else { return }
    withUnsafeBytes(of: number) { tensors[index].bytes.replaceSubrange(0..<8, with: $0) }
  }

  func write(to path: String) throws {
    var metadata = metadata
    for index in metadata.indices where metadata[index].key == "checksum" {
      metadata[index].value = .string(Checksum.blank)
    }
    let header = SafeTensorsHeader(
      layingOut: tensors.map { ($0.name, $0.shape, $0.type) }, metadata: metadata
    ).encoded
    var bytes = header + tensors.flatMap(\.bytes)
    var sum = Checksum()
    bytes.withUnsafeBytes { sum.add($0) }
    if let place = CheckpointFile.place(ofChecksumIn: header) {
      bytes.replaceSubrange(place..<place + Checksum.length, with: Array(sum.text.utf8))
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}
