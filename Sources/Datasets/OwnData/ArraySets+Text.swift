extension ArraySets {
  /// A text as examples of tokens: its bytes.
  ///
  /// Example i is the bytes from `i · context` on, and its targets are the bytes one further:
  ///
  ///     inputs[i] = text[i·c ..< (i + 1)·c],   targets[i] = text[i·c + 1 ..< (i + 1)·c + 1]
  ///
  /// Examples do not overlap, but that each one's last target is the next one's first input. The parts
  /// are contiguous: first what is trained on, then what is validated on and, where no other file is
  /// named for it, as much to test on.
  ///
  /// - Parameters:
  ///   - context: bytes of an example, from 1.
  ///   - held: examples that are validated on; as many are tested on.
  /// - Throws: `DatasetError` when a file cannot be read or is too short.
  public init(
    text: String, test: String?, context: Int, validation held: Int
  ) throws(DatasetError) {
    let whole = try Self.text(text, context)
    let parts = test == nil ? 2 : 1
    guard whole.count / parts > held else {
      throw DatasetError(
        text,
        "has \(whole.count) examples of \(context) bytes, which do not suffice for \(held) to "
          + "validate on\(parts == 2 ? ", as many to test on" : "") and one to train on",
        remedy: "Take a longer text, a shorter context, or fewer to validate on.")
    }
    let left = whole.count - parts * held
    train = whole.selecting(0..<left)
    validation = whole.selecting(left..<left + held)
    self.test =
      try test.map { path throws(DatasetError) in try Self.text(path, context) }
      ?? whole.selecting(left + held..<whole.count)
  }

  private static func text(_ path: String, _ context: Int) throws(DatasetError) -> ArraySet {
    let file = try RegularFile(path)
    let count = max(0, file.size - 1) / context
    guard count > 0 else {
      throw DatasetError(
        path, "has \(file.size) bytes, which is no example of \(context) bytes and one more",
        remedy: "Take a longer text, or a shorter context.")
    }
    guard count <= Int(Int32.max) else {
      throw DatasetError(
        path, "holds \(count) examples, more than \(Int32.max)", remedy: "Take a longer context.")
    }
    func array(_ member: String, from offset: Int) throws(DatasetError) -> StoredArray {
      try StoredArray(
        path: path, member: member, type: .uint8, count: count, rowShape: [context],
        source: .file(file, offset: offset), stride: context
      ).loadedIfSmall()
    }
    let tokens = 256
    return ArraySet(
      name: path, inputs: .tokens([context], vocabulary: tokens),
      targets: .tokens([context], count: tokens), inputArray: try array("inputs", from: 0),
      targetArray: try array("targets", from: 1), labels: [])
  }
}
