extension RankRule {
  /// The number of singular values to keep.
  ///
  /// - Parameters:
  ///   - singularValues: all min(rows, columns) of them, descending.
  ///   - rows: the number of rows of the matrix.
  ///   - columns: its number of columns.
  /// - Returns: 0 if every value is zero or none exceeds the noise, otherwise at least 1 and at
  ///   most the number of numerically non-zero values.
  package func rank(of singularValues: [Double], rows: Int, columns: Int) -> Int {
    precondition(
      singularValues.count == min(rows, columns),
      "\(singularValues.count) singular values of a \(rows) × \(columns) matrix")
    guard let largest = singularValues.first, largest > 0 else { return 0 }
    // The usual bound on rounding error (as in NumPy's matrix_rank): a direction below it is
    // rounding error, which Σ⁻¹ would amplify to the size of the signal.
    let floor = largest * Double(max(rows, columns)) * Double.ulpOfOne
    let numerical = singularValues.prefix { $0 > floor }.count
    switch self {
    case .full: return numerical
    case .fixed(let count): return min(max(count, 1), numerical)
    case .energy(let share):
      return min(Self.count(holding: share, of: singularValues), numerical)
    case .hardThreshold:
      let threshold = HardThreshold(rows: rows, columns: columns).threshold(for: singularValues)
      return min(singularValues.prefix { $0 > threshold }.count, numerical)
    }
  }

  private static func count(holding share: Double, of singularValues: [Double]) -> Int {
    let squares = singularValues.map { $0 * $0 }
    let total = squares.reduce(0, +)
    var sum = 0.0
    for (index, square) in squares.enumerated() {
      sum += square
      if sum >= share * total { return index + 1 }
    }
    return squares.count
  }
}
