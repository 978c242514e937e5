extension RandomStream {
  /// Fills a buffer with a random permutation of 0 ..< count (Fisher and Yates, Durstenfeld's form).
  ///
  ///     for i = n − 1 … 1:  swap(i, uniform integer in 0 … i)
  ///
  /// All permutations are equally likely, up to the quality of the generator. Linear in `count`;
  /// allocates nothing.
  ///
  /// - Precondition: `count` fits in an `Int32`.
  public mutating func permutation(into indices: UnsafeMutableBufferPointer<Int32>) {
    precondition(
      indices.count <= Int(Int32.max), "a permutation of \(indices.count) does not fit 32 bits")
    for index in indices.indices { indices[index] = Int32(truncatingIfNeeded: index) }
    guard indices.count > 1 else { return }
    for last in stride(from: indices.count - 1, to: 0, by: -1) {
      indices.swapAt(last, integer(below: last + 1))
    }
  }

  /// A random permutation of 0 ..< count.
  public mutating func permutation(count: Int) -> [Int32] {
    precondition(count >= 0, "no permutation has \(count) elements")
    return [Int32](unsafeUninitializedCapacity: count) { buffer, initialised in
      buffer.initialize(repeating: 0)
      permutation(into: buffer)
      initialised = count
    }
  }
}
