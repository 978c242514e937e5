/// The list of what a ZIP file holds, at its end (PKWARE's APPNOTE 6.3, 4.3 and 4.5.3).
///
/// Only what says where the members lie: zlib inflates them. A member that is stored as it is can so be
/// read in its place, by position, which a library that hands out streams does not offer.
struct ZIPDirectory {
  /// A member.
  struct Member {
    let name: String
    /// 0: stored, 8: deflated.
    let method: Int
    /// The CRC-32 of its bytes.
    let checksum: UInt32
    /// Where its bytes are in the file, compressed or not.
    let range: Range<Int>
    /// Bytes once they are inflated.
    let size: Int
  }

  let members: [Member]

  /// Reads the list.
  ///
  /// - Throws: `DatasetError` when it is no ZIP file, is cut short, or says what cannot be.
  init(_ file: RegularFile) throws(DatasetError) {
    let end = try ZIPEnd(file)
    // Nobody has a million arrays: what claims more would only take memory.
    guard end.directory.count <= 64 << 20 else {
      throw Self.damaged(file, "its directory has \(end.directory.count) bytes")
    }
    let bytes = ZIPBytes(try file.bytes(at: end.directory.lowerBound, upTo: end.directory.count))
    guard bytes.count == end.directory.count else { throw Self.damaged(file, "it has shrunk") }
    var members: [Member] = []
    var position = 0
    for _ in 0..<end.count {
      let entry = try Entry(bytes, at: position, file)
      position = entry.end
      members.append(try entry.member(of: file, before: end.directory.lowerBound))
    }
    self.members = members
  }

  static func damaged(_ file: RegularFile, _ why: String) -> DatasetError {
    DatasetError(file.path, "is a damaged ZIP file: \(why)", remedy: "Copy or save it again.")
  }

  /// A record of the directory.
  private struct Entry {
    let name: String
    let flags, method: Int
    let checksum: UInt32
    let compressed, size, header: Int
    /// Where the next record is.
    let end: Int

    init(_ bytes: ZIPBytes, at start: Int, _ file: RegularFile) throws(DatasetError) {
      guard start + 46 <= bytes.count, bytes.number(start, 4) == 0x0201_4B50 else {
        throw ZIPDirectory.damaged(file, "a member is missing in its directory")
      }
      flags = bytes.number(start + 8, 2)
      method = bytes.number(start + 10, 2)
      checksum = UInt32(bytes.number(start + 16, 4))
      let lengths = (
        name: bytes.number(start + 28, 2), extra: bytes.number(start + 30, 2),
        comment: bytes.number(start + 32, 2)
      )
      let nameEnd = start + 46 + lengths.name
      end = nameEnd + lengths.extra + lengths.comment
      guard end <= bytes.count else {
        throw ZIPDirectory.damaged(file, "a member's record reaches beyond its directory")
      }
      name = String(decoding: bytes.bytes[(start + 46)..<nameEnd], as: UTF8.self)
      // What does not fit 32 bits stands in the record's extra field, in this order.
      var wide = bytes.extraField(1, in: nameEnd..<nameEnd + lengths.extra)
      func number(_ place: Int) -> Int? {
        let narrow = bytes.number(place, 4)
        guard narrow == 0xFFFF_FFFF else { return narrow }
        guard wide.count >= 8 else { return nil }
        let value = bytes.number(wide.lowerBound, 8)
        wide = wide.lowerBound + 8..<wide.upperBound
        return value >= 0 ? value : nil
      }
      guard let size = number(start + 24), let compressed = number(start + 20),
        let header = number(start + 42)
      else { throw ZIPDirectory.damaged(file, "the lengths of \(name) are missing") }
      (self.size, self.compressed, self.header) = (size, compressed, header)
    }

    func member(of file: RegularFile, before limit: Int) throws(DatasetError) -> Member {
      guard flags & 1 == 0 else {
        throw DatasetError(
          "\(file.path): \(name)", "is encrypted", remedy: "Save it without a password.")
      }
      guard method == 0 || method == 8 else {
        throw DatasetError(
          "\(file.path): \(name)", "is compressed by method \(method), and only deflate is read",
          remedy: "Save it with numpy.savez or numpy.savez_compressed.")
      }
      guard header <= limit - 30 else {
        throw ZIPDirectory.damaged(file, "\(name) lies outside the file")
      }
      let local = ZIPBytes(try file.bytes(at: header, upTo: 30))
      guard local.count == 30, local.number(0, 4) == 0x0403_4B50 else {
        throw ZIPDirectory.damaged(file, "\(name) is not where its directory says")
      }
      let start = header + 30 + local.number(26, 2) + local.number(28, 2)
      guard start <= limit, compressed <= limit - start else {
        throw ZIPDirectory.damaged(file, "\(name) reaches beyond the file")
      }
      guard method == 8 || compressed == size else {
        throw ZIPDirectory.damaged(file, "\(name) has two lengths")
      }
      return Member(
        name: name, method: method, checksum: checksum, range: start..<start + compressed,
        size: size)
    }
  }
}

/// The record at the end of a ZIP file, which says where the directory is.
private struct ZIPEnd {
  let count: Int
  let directory: Range<Int>

  init(_ file: RegularFile) throws(DatasetError) {
    // The record has 22 bytes and a comment of at most 65535.
    let start = max(0, file.size - 22 - 65_535)
    let tail = ZIPBytes(try file.bytes(at: start, upTo: file.size - start))
    let places = Swift.stride(from: tail.count - 22, through: 0, by: -1)
    guard
      let place = places.first(where: { place in
        tail.number(place, 4) == 0x0605_4B50
          && place + 22 + tail.number(place + 20, 2) == tail.count
      })
    else {
      throw DatasetError(
        file.path, "is no ZIP file, or was cut short: its directory is missing",
        remedy: "Save it with numpy.savez, or copy it again.")
    }
    var count = tail.number(place + 10, 2)
    var size = tail.number(place + 12, 4)
    var offset = tail.number(place + 16, 4)
    var limit = start + place
    if let wide = try Self.wide(file, before: start + place) {
      (count, size, offset, limit) = wide
    }
    guard size >= 0, offset >= 0, offset <= limit, size <= limit - offset, count >= 0,
      count <= size / 46
    else { throw ZIPDirectory.damaged(file, "its directory lies outside the file") }
    self.count = count
    directory = offset..<offset + size
  }

  /// The record of files with more than 4 GB or 65535 members.
  private static func wide(
    _ file: RegularFile, before place: Int
  ) throws(DatasetError) -> (count: Int, size: Int, offset: Int, limit: Int)? {
    guard place >= 20 else { return nil }
    let locator = ZIPBytes(try file.bytes(at: place - 20, upTo: 20))
    guard locator.count == 20, locator.number(0, 4) == 0x0706_4B50 else { return nil }
    let start = locator.number(8, 8)
    guard start >= 0, start <= place - 20 - 56 else {
      throw ZIPDirectory.damaged(file, "its directory lies outside the file")
    }
    let record = ZIPBytes(try file.bytes(at: start, upTo: 56))
    guard record.count == 56, record.number(0, 4) == 0x0606_4B50 else {
      throw ZIPDirectory.damaged(file, "its directory is not where its end says")
    }
    return (record.number(32, 8), record.number(40, 8), record.number(48, 8), start)
  }
}

/// Little-endian numbers among bytes.
private struct ZIPBytes {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var count: Int { bytes.count }

  /// A number of so many bytes; negative where 64 bits have the highest one.
  func number(_ place: Int, _ length: Int) -> Int {
    var value: UInt64 = 0
    for i in (0..<length).reversed() { value = value << 8 | UInt64(bytes[place + i]) }
    return Int(truncatingIfNeeded: value)
  }

  /// The content of an extra field with a number; empty where there is none.
  func extraField(_ kind: Int, in range: Range<Int>) -> Range<Int> {
    var place = range.lowerBound
    while place + 4 <= range.upperBound {
      let end = place + 4 + number(place + 2, 2)
      guard end <= range.upperBound else { break }
      if number(place, 2) == kind { return place + 4..<end }
      place = end
    }
    return range.upperBound..<range.upperBound
  }
}
