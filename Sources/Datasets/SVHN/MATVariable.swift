/// The head of a variable in a level-5 MAT file: what it says about its numbers.
///
///     array flags   16 bytes: class, complex or not
///     dimensions    an element of int32
///     name          an element of int8
///     numbers       an element of any numeric type
///
/// Source: MathWorks, "MAT-File Format", chapter 1.
struct MATVariable: Equatable {
  /// Bytes at its start that surely hold all but the numbers.
  static let headLength = 512

  let name: String
  /// The first index fastest.
  let dimensions: [Int]
  /// MATLAB's class, such as `double` and `uint8`.
  let isOfBytes: Bool
  /// Bytes from the variable's start to the end of its numbers.
  let length: Int

  /// The product of the dimensions.
  let count: Int

  /// MATLAB's classes of numbers: double to uint64.
  private static let numericClasses = 6...15
  private static let uint8Class = 9

  /// What is wrong with a variable, as the rest of a sentence that starts with the path.
  struct Problem: Error { let sentence: String }

  /// Reads the head.
  ///
  /// - Parameter bytes: the first bytes of the variable, behind its own tag.
  /// - Throws: `Problem` when it is no array of real numbers, or has not as many as it announces.
  init(_ bytes: [UInt8], isLittleEndian: Bool) throws(Problem) {
    var head = MATElements(bytes, isLittleEndian: isLittleEndian)
    guard let flags = head.next(), flags.type == 6, flags.size == 8,
      let flagBytes = head.bytes(of: flags)
    else { throw Problem(sentence: "holds a variable without array flags") }
    let word = head.word(flagBytes.prefix(4))
    guard let shape = head.next(), shape.type == 5, shape.size % 4 == 0, shape.size <= 64,
      let shapeBytes = head.bytes(of: shape),
      let title = head.next(), title.type == 1, title.size <= 64,
      let titleBytes = head.bytes(of: title)
    else { throw Problem(sentence: "holds a variable without shape or name") }
    name = String(decoding: titleBytes, as: UTF8.self)
    guard Self.numericClasses.contains(word & 0xFF), word & 0x800 == 0 else {
      throw Problem(sentence: "has a variable \(name) that is no array of real numbers")
    }
    isOfBytes = word & 0xFF == Self.uint8Class
    dimensions = stride(from: 0, to: shape.size, by: 4).map {
      head.word(shapeBytes.dropFirst($0).prefix(4))
    }
    let said = dimensions.map(String.init).joined(separator: "×")
    var product = 1
    for size in dimensions {
      let next = product.multipliedReportingOverflow(by: size)
      product = next.overflow ? .max : next.partialValue
    }
    count = product
    guard let numbers = head.next(), let size = MATElements.numberSize[numbers.type] else {
      throw Problem(sentence: "has a variable \(name) without numbers")
    }
    guard product <= IDXFile.longest, product * size == numbers.size else {
      throw Problem(
        sentence: "is damaged: its variable \(name) announces \(said) numbers, but has "
          + "\(numbers.size) bytes for them")
    }
    length = numbers.start + numbers.size
  }
}
