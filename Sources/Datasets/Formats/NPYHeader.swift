/// The header of an array that NumPy has saved.
///
/// Format (numpy.lib.format): `\x93NUMPY`, two bytes of version, the header's length in two bytes or,
/// from version 2 on, four, then the text of a Python dictionary such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }`.
struct NPYHeader {
  let type: ElementType
  let shape: [Int]
  /// Bytes before the numbers.
  let length: Int

  /// The bytes that say how long the header is.
  static let prefix = 12
  /// A header is a line; NumPy itself reads no longer ones either.
  private static let longest = 10_000

  /// How many bytes to read for a header that begins with these; nil: it is none.
  static func length(of start: [UInt8]) -> Int? {
    guard start.count >= 10, start.starts(with: [0x93] + Array("NUMPY".utf8)) else { return nil }
    switch start[6] {
    case 1: return 10 + Int(start[8]) + Int(start[9]) << 8
    case 2, 3:
      guard start.count >= 12 else { return nil }
      let text = (8..<12).reversed().reduce(0) { $0 << 8 | Int(start[$1]) }
      return text <= longest ? 12 + text : nil
    default: return nil
    }
  }

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - bytes: as many as `length(of:)` says.
  ///   - name: how errors call the array.
  /// - Throws: `DatasetError` when it is no header, or that of an array that is not read here.
  init(_ bytes: [UInt8], name: String) throws(DatasetError) {
    length = bytes.count
    let text = bytes.dropFirst(bytes.count > 6 && bytes[6] == 1 ? 10 : 12)
    var scanner = PythonScanner(text)
    guard let members = scanner.dictionary() else {
      throw DatasetError(
        name, "has a header that NumPy does not write", remedy: Self.saveAgain)
    }
    guard case .text(let description)? = members["descr"] else {
      throw DatasetError(
        name, "does not hold plain numbers but records or objects", remedy: Self.saveAgain)
    }
    guard case .word(let order)? = members["fortran_order"], order == "False" else {
      throw DatasetError(
        name, "lies in memory column by column (fortran_order)",
        remedy: "Save numpy.ascontiguousarray of it.")
    }
    guard case .numbers(let lengths)? = members["shape"] else {
      throw DatasetError(name, "has a header without a shape", remedy: Self.saveAgain)
    }
    guard let type = Self.types[description] else {
      throw DatasetError(
        name, "holds numbers of type \(description), and \(ElementType.list) are read",
        remedy: "Convert it with .astype and save it again.")
    }
    self.type = type
    shape = lengths
  }

  private static let saveAgain = "Save it again with numpy.save or numpy.savez."

  private static let types: [String: ElementType] = [
    "|b1": .bool, "|u1": .uint8, "|i1": .int8, "<i2": .int16, "<u2": .uint16, "<i4": .int32,
    "<u4": .uint32, "<i8": .int64, "<f2": .float16, "<f4": .float32, "<f8": .float64,
  ]
}

/// Reads what Python prints of a dictionary of texts, words and tuples of numbers.
private struct PythonScanner {
  enum Value {
    case text(String)
    case word(String)
    case numbers([Int])
  }

  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  /// The dictionary, when there is nothing else.
  mutating func dictionary() -> [String: Value]? {
    var members: [String: Value] = [:]
    guard take("{") else { return nil }
    while !take("}") {
      guard let key = text(), take(":"), let value = value(), members[key] == nil else {
        return nil
      }
      members[key] = value
      guard take(",") || next() == UInt8(ascii: "}") else { return nil }
    }
    return next() == nil ? members : nil
  }

  private mutating func value() -> Value? {
    switch next() {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return text().map { .text($0) }
    case UInt8(ascii: "("): return numbers().map { .numbers($0) }
    case UInt8(ascii: "T"), UInt8(ascii: "F"):
      let word = rest.prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
      rest = rest.dropFirst(word.count)
      return .word(String(decoding: word, as: UTF8.self))
    // The description of records is a list: read over it, as it only has to be told from a text.
    case UInt8(ascii: "["):
      var depth = 0
      while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "[") { depth += 1 }
        if byte == UInt8(ascii: "]") { depth -= 1 }
        if depth == 0 { return .word("list") }
      }
      return nil
    default: return nil
    }
  }

  private mutating func text() -> String? {
    guard let quote = next(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      return nil
    }
    rest = rest.dropFirst()
    guard let end = rest.firstIndex(of: quote) else { return nil }
    let text = rest[..<end]
    rest = rest[(end + 1)...]
    return String(validating: text, as: UTF8.self)
  }

  private mutating func numbers() -> [Int]? {
    guard take("(") else { return nil }
    var numbers: [Int] = []
    while !take(")") {
      guard numbers.count < 32, next() != nil else { return nil }
      let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
      guard let number = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
      rest = rest.dropFirst(digits.count)
      numbers.append(number)
      guard take(",") || next() == UInt8(ascii: ")") else { return nil }
    }
    return numbers
  }

  /// The next byte that is no space.
  private mutating func next() -> UInt8? {
    rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
    return rest.first
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next() == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }
}
