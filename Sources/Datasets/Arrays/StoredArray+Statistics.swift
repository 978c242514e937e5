import Foundation
import Tensors

extension StoredArray {
  /// The mean and the deviation of the numbers of some rows, by entry.
  ///
  /// One look at each row; means and squares are joined row by row (Chan, Golub and LeVeque 1983,
  /// "Algorithms for computing the sample variance"), in the order of the rows. An entry that never
  /// changes gets the deviation 1: it is only moved.
  ///
  /// - Parameters:
  ///   - rows: which rows, in ascending order.
  ///   - entries: how many there are.
  ///   - block: see `ArrayScaling`.
  /// - Throws: `DatasetError` when a number is not finite, or the file cannot be read.
  func statistics(
    of rows: some Sequence<Int>, entries: Int, block: Int
  ) throws(DatasetError) -> Normalisation {
    if type == .uint8 {
      return Normalisation(histograms: try histograms(of: rows, entries: entries, block: block))
    }
    let scaling = ArrayScaling(nil, block: block, type: type)
    var mean = [Double](repeating: 0, count: entries)
    var squares = [Double](repeating: 0, count: entries)
    var seen = 0.0
    var numbers = [Double](repeating: 0, count: rowLength)
    // A row holds as many numbers of one entry as of any other.
    let share = rowLength / entries
    try forEach(rows) { _, row, bytes throws(DatasetError) in
      let wrong = numbers.withUnsafeMutableBufferPointer { numbers in
        numbers.baseAddress.flatMap { scaling.convert(bytes, type, count: rowLength, into: $0) }
      }
      if let wrong { throw nonFinite(row: row, index: wrong) }
      let total = seen + Double(share)
      for entry in 0..<entries {
        var sum = 0.0
        forEachPlace(of: entry, entries, block) { sum += numbers[$0] }
        let own = sum / Double(share)
        var around = 0.0
        forEachPlace(of: entry, entries, block) {
          around += (numbers[$0] - own) * (numbers[$0] - own)
        }
        let distance = own - mean[entry]
        mean[entry] += distance * Double(share) / total
        squares[entry] += around + distance * distance * seen * Double(share) / total
      }
      seen = total
    }
    return Normalisation(
      mean: mean,
      deviation: squares.map { sum in
        let deviation = (sum / max(1, seen)).squareRoot()
        return deviation > 0 && deviation.isFinite ? deviation : 1
      })
  }

  /// How often each byte occurs, by entry: exact, and the same in whatever order rows come.
  private func histograms(
    of rows: some Sequence<Int>, entries: Int, block: Int
  ) throws(DatasetError) -> [[Int]] {
    var counts = [Int](repeating: 0, count: entries * 256)
    try forEach(rows) { _, _, bytes throws(DatasetError) in
      let bytes = bytes.assumingMemoryBound(to: UInt8.self)
      for entry in 0..<entries {
        forEachPlace(of: entry, entries, block) { counts[entry * 256 + Int(bytes[$0])] += 1 }
      }
    }
    return (0..<entries).map { Array(counts[($0 * 256)..<(($0 + 1) * 256)]) }
  }

  @inline(__always)
  private func forEachPlace(
    of entry: Int, _ entries: Int, _ block: Int, _ body: (Int) -> Void
  ) {
    for start in Swift.stride(from: entry * block, to: rowLength, by: entries * block) {
      for place in start..<start + block { body(place) }
    }
  }

  /// That a number cannot be trained on.
  func nonFinite(row: Int, index: Int) -> DatasetError {
    error(
      "has a number that is not finite (NaN, infinity, or too large for the precision)", row: row,
      index: index, remedy: "Clean the data before they are saved.")
  }
}
