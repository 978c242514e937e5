import Foundation

/// The outer form of a level-5 MAT file: a header of 128 bytes, then elements up to the end.
///
///     header    116 bytes of text, 8 of offsets, version 0x0100, byte order "IM" or "MI"
///     element   type (4 bytes), size (4 bytes), then `size` bytes
///
/// libmatio takes whatever it is given for some version of the format and reads a file that was cut
/// short or damaged as far as it goes; what is checked here is what it would not say. Source: MathWorks, "MAT-File
/// Format", chapter 1.
enum MATLayout {
  private static let headerLength = 128

  /// The type of an element that is a zlib stream with another element inside.
  private static let compressed = 15

  /// Checks that a file is of level 5, complete, and undamaged where it is compressed.
  ///
  /// Inflates everything once: about a second for SVHN's training images.
  ///
  /// - Throws: `DatasetError` that says how it is not.
  static func check(_ path: String) throws(DatasetError) {
    guard let file = fopen(path, "rb") else {
      throw DatasetError(
        path, "cannot be read (\(String(cString: strerror(errno))))",
        remedy: "Check the file and its permissions.")
    }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let length = ftell(file)
    let isLittle = try isLittleEndian(bytes(headerLength, at: 0, of: file), path)
    var place = headerLength
    while place < length {
      let tag = bytes(8, at: place, of: file)
      let size = word(tag.dropFirst(4), isLittle)
      guard tag.count == 8, place + 8 + size <= length else {
        throw DatasetError(
          path,
          "is truncated: the variable at byte \(place) does not end within its \(length) bytes",
          remedy: DatasetError.fetchAgain)
      }
      if word(tag.prefix(4), isLittle) == compressed, !ZlibStream.isWhole(size, of: file) {
        throw DatasetError(
          path, "is damaged: the variable at byte \(place) cannot be unpacked",
          remedy: DatasetError.fetchAgain)
      }
      place += 8 + size
    }
  }

  private static func isLittleEndian(
    _ header: [UInt8], _ path: String
  ) throws(DatasetError) -> Bool {
    guard header.count == headerLength else {
      throw DatasetError(
        path, "is no MAT file: it ends after \(header.count) bytes, within the header",
        remedy: DatasetError.fetchAgain)
    }
    switch header[124...] {
    case [0x00, 0x01, UInt8(ascii: "I"), UInt8(ascii: "M")]: return true
    case [0x01, 0x00, UInt8(ascii: "M"), UInt8(ascii: "I")]: return false
    case [0x00, 0x02, UInt8(ascii: "I"), UInt8(ascii: "M")]:
      throw DatasetError(
        path, "is a MAT file of version 7.3 (HDF5), but SVHN's are of level 5",
        remedy: "Fetch the official file, or save it with save('-v7', …).")
    default:
      throw DatasetError(
        path, "is no MAT file of level 5: its header has no such version and byte order",
        remedy: DatasetError.fetchAgain)
    }
  }

  private static func bytes(_ count: Int, at place: Int, of file: UnsafeMutablePointer<FILE>)
    -> [UInt8]
  {
    fseek(file, place, SEEK_SET)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
      initialised = fread(buffer.baseAddress, 1, count, file)
    }
  }

  private static func word(_ bytes: ArraySlice<UInt8>, _ isLittle: Bool) -> Int {
    let ordered = isLittle ? Array(bytes.reversed()) : Array(bytes)
    return ordered.reduce(0) { $0 << 8 | Int($1) }
  }
}
