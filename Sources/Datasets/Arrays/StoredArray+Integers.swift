extension StoredArray {
  /// A whole number of a row, wide enough for all types.
  @inline(__always)
  func integer(_ row: UnsafeRawPointer, _ index: Int) -> Int {
    switch type {
    case .bool, .uint8: Int(row.assumingMemoryBound(to: UInt8.self)[index])
    case .int8: Int(row.assumingMemoryBound(to: Int8.self)[index])
    case .int16: Int(row.assumingMemoryBound(to: Int16.self)[index])
    case .uint16: Int(row.assumingMemoryBound(to: UInt16.self)[index])
    case .int32: Int(row.assumingMemoryBound(to: Int32.self)[index])
    case .uint32: Int(row.assumingMemoryBound(to: UInt32.self)[index])
    case .int64: Int(row.assumingMemoryBound(to: Int64.self)[index])
    case .float16, .bfloat16, .float32, .float64:
      preconditionFailure("\(type) is no type of whole numbers")
    }
  }

  /// Copies a row of whole numbers that must be below a limit.
  ///
  /// - Returns: the first place whose number is not from 0 to below the limit; nil: all are.
  func copyIntegers(
    _ row: UnsafeRawPointer, below limit: Int, into result: UnsafeMutablePointer<Int32>
  ) -> Int? {
    var wrong: Int?
    for i in 0..<rowLength {
      let value = integer(row, i)
      if value < 0 || value >= limit {
        wrong = wrong ?? i
      } else {
        result[i] = Int32(truncatingIfNeeded: value)
      }
    }
    return wrong
  }

  /// Whole numbers from 0 on, and the largest of them, by a look at all rows.
  ///
  /// - Parameter limit: above what number one is wrong.
  /// - Returns: the largest; −1 where there is none.
  /// - Throws: `DatasetError` that names the first wrong one.
  func largestInteger(below limit: Int?, remedy: String) throws(DatasetError) -> Int {
    var largest = -1
    let bound = limit ?? Self.mostClasses
    try forEachRow { row, bytes throws(DatasetError) in
      for i in 0..<rowLength {
        let value = integer(bytes, i)
        guard value >= 0, value < bound else {
          throw error(
            "has \(value), which is not from 0 to \(bound - 1),", row: row, index: i,
            remedy: remedy)
        }
        if value > largest { largest = value }
      }
    }
    return largest
  }

  /// More classes or tokens than this are more likely something else.
  static let mostClasses = 1 << 24
}
