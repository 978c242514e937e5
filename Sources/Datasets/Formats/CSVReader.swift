/// Reads comma-separated values (RFC 4180) record by record, in pieces.
///
/// Why not a library: those for Swift take a file as one text in memory, and a file of gigabytes or one
/// that is no text at all is what this has to stand. Fields in quotes may hold commas, quotes (doubled)
/// and line ends; lines end with LF, CRLF or CR.
struct CSVReader {
  /// The line on which the last record began, from 1.
  private(set) var line = 0
  private let file: RegularFile
  private var piece: [UInt8] = []
  private var place = 0
  private var position = 0
  private var nextLine = 1

  /// Longer fields and records are more likely something else.
  private static let longestField = 1 << 20
  private static let mostFields = 100_000

  /// Begins with the first record of a file; a mark of UTF-8 is skipped.
  init(_ file: RegularFile) throws(DatasetError) {
    self.file = file
    if try file.bytes(at: 0, upTo: 3) == [0xEF, 0xBB, 0xBF] { position = 3 }
  }

  /// The fields of the next record, nil at the end; empty lines are no records.
  ///
  /// - Throws: `DatasetError` when it cannot be read, is no text, or a quote is wrong.
  mutating func record() throws(DatasetError) -> [String]? {
    while true {
      line = nextLine
      var fields: [String] = []
      var isQuoted = false
      while true {
        let (field, quoted, end) = try field()
        isQuoted = isQuoted || quoted
        if fields.isEmpty, end != .comma, field.isEmpty, !quoted {
          // An empty line, or the end of the file.
          if end == .file { return nil }
          break
        }
        fields.append(field)
        guard fields.count <= Self.mostFields else {
          throw wrong("has more than \(Self.mostFields) fields in line \(line)")
        }
        if end != .comma { return fields }
      }
    }
  }

  /// What stands behind a field.
  private enum End { case comma, line, file }

  private mutating func field() throws(DatasetError) -> (String, isQuoted: Bool, End) {
    var bytes: [UInt8] = []
    let first = try next()
    let isQuoted = first == UInt8(ascii: "\"")
    var byte = first
    if isQuoted {
      while true {
        guard let inside = try next() else {
          throw wrong("has a quote that begins in line \(line) and does not end")
        }
        if inside == UInt8(ascii: "\"") {
          byte = try next()
          guard byte == UInt8(ascii: "\"") else { break }
        }
        if inside == 0x0A { nextLine += 1 }
        try append(inside, to: &bytes)
      }
    }
    while let found = byte, found != UInt8(ascii: ","), found != 0x0A, found != 0x0D {
      guard !isQuoted, found != UInt8(ascii: "\"") else {
        throw wrong("has a quote in the middle of a field in line \(line)")
      }
      try append(found, to: &bytes)
      byte = try next()
    }
    let text = bytes.isEmpty ? "" : String(validating: bytes, as: UTF8.self)
    guard let text else { throw wrong("is no text in UTF-8 in line \(line)") }
    switch byte {
    case UInt8(ascii: ","): return (text, isQuoted, .comma)
    case nil: return (text, isQuoted, .file)
    default:
      if byte == 0x0D, try peek() == 0x0A { place += 1 }
      nextLine += 1
      return (text, isQuoted, .line)
    }
  }

  private func append(_ byte: UInt8, to bytes: inout [UInt8]) throws(DatasetError) {
    guard byte != 0 else { throw wrong("holds a zero byte in line \(line): it is no text") }
    guard bytes.count < Self.longestField else {
      throw wrong("has a field of more than \(Self.longestField >> 20) MB in line \(line)")
    }
    bytes.append(byte)
  }

  private mutating func next() throws(DatasetError) -> UInt8? {
    guard let byte = try peek() else { return nil }
    place += 1
    return byte
  }

  private mutating func peek() throws(DatasetError) -> UInt8? {
    if place == piece.count {
      piece = try file.bytes(at: position, upTo: 1 << 18)
      position += piece.count
      place = 0
    }
    return place < piece.count ? piece[place] : nil
  }

  private func wrong(_ problem: String) -> DatasetError {
    DatasetError(file.path, problem, remedy: "Save it as comma-separated values.")
  }
}
