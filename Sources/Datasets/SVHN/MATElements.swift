/// Elements of a MAT file, one after the other.
struct MATElements {
  /// Bytes of a number, by the type of its element.
  static let numberSize = [1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8]

  /// One element's tag.
  struct Tag {
    let type: Int
    let size: Int
    /// Where its content starts.
    let start: Int
  }

  private let content: [UInt8]
  private let isLittleEndian: Bool
  private var place = 0

  init(_ content: [UInt8], isLittleEndian: Bool) {
    self.content = content
    self.isLittleEndian = isLittleEndian
  }

  /// The next tag; nil where the bytes end.
  mutating func next() -> Tag? {
    guard place + 8 <= content.count else { return nil }
    let first = word(content[place..<place + 4])
    // The small form: size and type share a word, and four bytes of content follow.
    if first >> 16 != 0 {
      guard first >> 16 <= 4 else { return nil }
      defer { place += 8 }
      return Tag(type: first & 0xFFFF, size: first >> 16, start: place + 4)
    }
    let size = word(content[place + 4..<place + 8])
    defer { place += 8 + (size + 7) / 8 * 8 }
    return Tag(type: first, size: size, start: place + 8)
  }

  /// An element's content; nil where it is not among the bytes.
  func bytes(of tag: Tag) -> ArraySlice<UInt8>? {
    tag.start + tag.size <= content.count ? content[tag.start..<tag.start + tag.size] : nil
  }

  /// An unsigned number of up to four bytes.
  static func word(_ bytes: ArraySlice<UInt8>, isLittleEndian: Bool) -> Int {
    isLittleEndian
      ? bytes.reversed().reduce(0) { $0 << 8 | Int($1) } : bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  /// The same in the byte order of the elements.
  func word(_ bytes: ArraySlice<UInt8>) -> Int {
    Self.word(bytes, isLittleEndian: isLittleEndian)
  }
}
