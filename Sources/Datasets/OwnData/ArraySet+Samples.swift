extension ArraySet {
  /// Hands out bytes that tell whether a set is still the one it was: its arrays.
  ///
  /// What it takes of them is up to the configuration and the seed.
  ///
  /// - Throws: `DatasetError` when a file cannot be read.
  public func addContent(_ add: (UnsafeRawBufferPointer) -> Void) throws(DatasetError) {
    try inputArray.addContent(add)
    try targetArray.addContent(add)
  }
}
