import Foundation

/// The outer form of a level-5 MAT file: a header of 128 bytes, then variables up to the end.
///
///     header    116 bytes of text, 8 of offsets, version 0x0100, byte order "IM" or "MI"
///     element   type (4 bytes), size (4 bytes), then `size` bytes: a variable, or a zlib stream with
///               one inside
///
/// libmatio takes whatever it is given for some version of the format, reads a file that was cut
/// short or damaged as far as it goes, and allocates what the dimensions announce; what is checked
/// here is what it would not say. Source: MathWorks, "MAT-File Format", chapter 1.
struct MATLayout {
  private static let headerLength = 128
  private static let matrix = 14
  private static let compressed = 15

  private let file: RegularFile
  private let isLittleEndian: Bool

  /// The variables of a file whose sizes agree with what they announce.
  ///
  /// - Parameter isWhole: whether compressed variables are inflated to the end, to see whether they
  ///   are undamaged: about a second for SVHN's training images.
  /// - Throws: `DatasetError` when the file is not of level 5, is cut short, or is damaged.
  static func variables(of path: String, isWhole: Bool) throws(DatasetError) -> [MATVariable] {
    let layout = try MATLayout(path)
    var variables: [MATVariable] = []
    var place = headerLength
    while place < layout.file.size {
      let tag = try layout.file.bytes(at: place, upTo: 8)
      let size = layout.word(tag.dropFirst(4))
      guard tag.count == 8, place + 8 + size <= layout.file.size else {
        throw DatasetError(
          path,
          "is truncated: the variable at byte \(place) does not end within its "
            + "\(layout.file.size) bytes", remedy: DatasetError.fetchAgain)
      }
      let content = place + 8..<place + 8 + size
      switch layout.word(tag.prefix(4)) {
      case matrix: variables.append(try layout.plainVariable(content))
      case compressed:
        variables.append(try layout.compressedVariable(content, isWhole: isWhole))
      default:
        throw layout.damaged("there is no variable at byte \(place)")
      }
      place = content.upperBound
    }
    return variables
  }

  private init(_ path: String) throws(DatasetError) {
    file = try RegularFile(path)
    let header = try file.bytes(at: 0, upTo: Self.headerLength)
    guard header.count == Self.headerLength else {
      throw DatasetError(
        path, "is no MAT file: it ends after \(header.count) bytes, within the header",
        remedy: DatasetError.fetchAgain)
    }
    switch header[124...] {
    case [0x00, 0x01, UInt8(ascii: "I"), UInt8(ascii: "M")]: isLittleEndian = true
    case [0x01, 0x00, UInt8(ascii: "M"), UInt8(ascii: "I")]: isLittleEndian = false
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

  private func plainVariable(_ range: Range<Int>) throws(DatasetError) -> MATVariable {
    let head = try file.bytes(at: range.lowerBound, upTo: min(MATVariable.headLength, range.count))
    return try variable(head, length: range.count)
  }

  /// The stream holds a tag and as many bytes as that says; no more is ever inflated.
  private func compressedVariable(
    _ range: Range<Int>, isWhole: Bool
  ) throws(DatasetError) -> MATVariable {
    let stream = try InflatedRange(range, of: file, .zlib)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    let tagLength = 8
    let known = try stream.fill(&buffer, upTo: tagLength + MATVariable.headLength)
    guard known >= tagLength, word(buffer[..<4]) == Self.matrix else {
      throw damaged("there is no variable in the stream at byte \(range.lowerBound)")
    }
    let length = word(buffer[4..<8])
    let head = buffer[..<known].dropFirst(tagLength).prefix(length)
    let result = try variable(Array(head), length: length)
    guard isWhole else { return result }
    var left = tagLength + length - known
    while left > 0 {
      let count = try stream.fill(&buffer, upTo: left)
      guard count > 0 else { break }
      left -= count
    }
    guard left == 0, try stream.fill(&buffer, upTo: 1) == 0 else {
      throw damaged("its variable \(result.name) has not the \(length) bytes that it announces")
    }
    return result
  }

  private func damaged(_ detail: String) -> DatasetError {
    DatasetError(file.path, "is damaged: \(detail)", remedy: DatasetError.fetchAgain)
  }

  private func variable(_ head: [UInt8], length: Int) throws(DatasetError) -> MATVariable {
    do throws(MATVariable.Problem) {
      let variable = try MATVariable(head, isLittleEndian: isLittleEndian)
      // The numbers are padded to a multiple of 8 bytes.
      guard (variable.length...variable.length + 7).contains(length) else {
        throw MATVariable.Problem(
          sentence: "is damaged: its variable \(variable.name) has \(length) bytes, not the "
            + "\(variable.length) of its head and numbers")
      }
      return variable
    } catch {
      throw DatasetError(file.path, error.sentence, remedy: DatasetError.fetchAgain)
    }
  }

  private func word(_ bytes: ArraySlice<UInt8>) -> Int {
    MATElements.word(bytes, isLittleEndian: isLittleEndian)
  }
}
