extension ArraySet {
  /// Hands out bytes that tell whether a set is still the one it was: its arrays, and what it takes of
  /// them.
  ///
  /// - Throws: `DatasetError` when a file cannot be read.
  public func addContent(_ add: (UnsafeRawBufferPointer) -> Void) throws(DatasetError) {
    try inputArray.addContent(add)
    try targetArray.addContent(add)
    rows?.withUnsafeBytes(add)
    storedLabels.withUnsafeBytes(add)
  }
}
