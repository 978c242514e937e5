import CZlib
import Foundation

/// Several arrays that NumPy has saved in a ZIP file: `.npz`.
///
/// A member that is stored as it is (`numpy.savez`) is read in its place; one that is compressed
/// (`numpy.savez_compressed`) has to be inflated into memory as a whole.
enum NPZFile {
  /// An array of a file.
  ///
  /// - Throws: `DatasetError` when it is no such file, does not have the array, or it is damaged.
  static func array(_ path: String, _ wanted: String) throws(DatasetError) -> StoredArray {
    let file = try RegularFile(path)
    let members = try ZIPDirectory(file).members
    let found = members.filter { $0.name == wanted + ".npy" || $0.name == wanted }
    guard let member = found.first else {
      throw DatasetError.noMember(
        path, wanted,
        among: members.map { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : $0.name })
    }
    guard found.count == 1 else {
      throw DatasetError(path, "holds \(wanted) twice", remedy: "Save the file again.")
    }
    return member.method == 0
      ? try stored(file, wanted, member) : try inflated(file, wanted, member)
  }

  private static func stored(
    _ file: RegularFile, _ name: String, _ member: ZIPDirectory.Member
  ) throws(DatasetError) -> StoredArray {
    let header = try NPYFile.header("\(file.path): \(name)") { count throws(DatasetError) in
      try file.bytes(at: member.range.lowerBound, upTo: min(count, member.range.count))
    }
    let array = try ArrayShape.array(
      path: file.path, member: name, type: header.type, shape: header.shape,
      available: member.range.count - header.length,
      source: .file(file, offset: member.range.lowerBound + header.length))
    guard array.byteCount <= StoredArray.mostInMemory else { return array }
    // Small: its checksum can be held against its bytes.
    let block = ByteBlock(count: member.size)
    guard try file.read(at: member.range.lowerBound, into: block.bytes) == member.size else {
      throw ZIPDirectory.damaged(file, "it has shrunk")
    }
    try check(block.bytes, member, file, name)
    return StoredArray(
      path: file.path, member: name, type: array.type, count: array.count,
      rowShape: array.rowShape, source: numbers(in: block, member.size, from: header.length))
  }

  private static func inflated(
    _ file: RegularFile, _ name: String, _ member: ZIPDirectory.Member
  ) throws(DatasetError) -> StoredArray {
    // A small file cannot ask for all memory.
    guard member.size / InflatedRange.largestRatio <= member.range.count else {
      throw ZIPDirectory.damaged(file, "\(name) cannot have \(member.size) bytes")
    }
    guard UInt64(member.size) <= ProcessInfo.processInfo.physicalMemory / 2 else {
      throw DatasetError(
        "\(file.path): \(name)",
        "is compressed and would take \(member.size >> 20) MB of every rank's memory",
        remedy: "Save it with numpy.savez, which does not compress.")
    }
    // Nothing is allocated by what the directory says before the header agrees.
    let start = InflatedPrefix(file, member)
    let header = try NPYFile.header("\(file.path): \(name)") { count throws(DatasetError) in
      try start.bytes(count)
    }
    let memory = ByteBlock(count: 0)
    let checked = try ArrayShape.array(
      path: file.path, member: name, type: header.type, shape: header.shape,
      available: member.size - header.length, source: .memory(memory, offset: 0))
    let block = ByteBlock(count: member.size)
    let stream = try InflatedRange(member.range, of: file, .raw)
    let bytes = UnsafeMutableRawBufferPointer(rebasing: block.bytes[..<member.size])
    guard try stream.read(into: bytes) == member.size else {
      throw ZIPDirectory.damaged(file, "\(name) is shorter than its directory says")
    }
    var rest: [UInt8] = [0]
    guard try stream.fill(&rest, upTo: 1) == 0 else {
      throw ZIPDirectory.damaged(file, "\(name) is longer than its directory says")
    }
    try check(bytes, member, file, name)
    return StoredArray(
      path: file.path, member: name, type: checked.type, count: checked.count,
      rowShape: checked.rowShape, source: numbers(in: block, member.size, from: header.length))
  }

  /// The numbers behind a header, where numbers may lie.
  private static func numbers(
    in block: ByteBlock, _ count: Int, from offset: Int
  ) -> StoredArray.Source {
    // NumPy's headers end on a multiple of 64; others might not.
    guard offset % 8 != 0 else { return .memory(block, offset: offset) }
    let moved = ByteBlock(count: count - offset)
    moved.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: block.bytes[offset..<count]))
    return .memory(moved, offset: 0)
  }

  private static func check(
    _ bytes: UnsafeMutableRawBufferPointer, _ member: ZIPDirectory.Member, _ file: RegularFile,
    _ name: String
  ) throws(DatasetError) {
    let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    guard crc32_z(0, start, member.size) == UInt(member.checksum) else {
      throw ZIPDirectory.damaged(file, "the checksum of \(name) is wrong")
    }
  }
}

/// The first bytes of a deflated member.
private struct InflatedPrefix {
  private let file: RegularFile
  private let member: ZIPDirectory.Member

  init(_ file: RegularFile, _ member: ZIPDirectory.Member) {
    (self.file, self.member) = (file, member)
  }

  func bytes(_ count: Int) throws(DatasetError) -> [UInt8] {
    let stream = try InflatedRange(member.range, of: file, .raw)
    var bytes = [UInt8](repeating: 0, count: count)
    let found = try stream.fill(&bytes, upTo: count)
    return Array(bytes.prefix(found))
  }
}
