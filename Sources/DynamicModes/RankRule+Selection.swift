extension RankRule {
  /// The number of singular values kept of a matrix.
  ///
  /// - Parameters:
  ///   - singularValues: all min(rows, columns) of them, falling.
  ///   - rows: of the matrix they belong to.
  ///   - columns: of the same matrix.
  /// - Returns: 0 when every value is zero or when none stands above the noise, otherwise at least
  ///   1 and never more than are numerically non-zero.
  package func rank(of singularValues: [Double], rows: Int, columns: Int) -> Int {
    precondition(
      singularValues.count == min(rows, columns),
      "\(singularValues.count) singular values of a \(rows) × \(columns) matrix")
    guard let largest = singularValues.first, largest > 0 else { return 0 }
    // The usual bound on what rounding alone leaves behind (as in NumPy's matrix_rank): below it a
    // direction is rounding error, and Σ⁻¹ would blow it up to the size of the signal.
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
