import Settings

/// Determines the number of ranks before any more are started.
package enum RankCount {
  /// The number of ranks, as requested or as launched.
  ///
  /// - Parameters:
  ///   - asked: the value of `--ranks`, if given.
  ///   - launched: the number of ranks that a launcher has started; nil without one.
  ///   - grid: the process grid, whose size must equal the number of ranks.
  /// - Throws: `RunError` if the three contradict each other.
  package static func agreed(
    asked: Int?, launched: Int?, grid: Configuration.Parallel.Grid
  ) throws(RunError) -> Int {
    if let asked, !(1...Configuration.Parallel.mostRanks).contains(asked) {
      throw RunError("--ranks must be from 1 to \(Configuration.Parallel.mostRanks), not \(asked).")
    }
    if let asked, let launched, asked != launched {
      throw RunError(
        "--ranks \(asked), but the launcher started \(launched) ranks. Leave --ranks out "
          + "under a launcher.")
    }
    let ranks = launched ?? asked ?? 1
    if case .fixed(let columns, let data) = grid, columns * data != ranks {
      let start = launched == nil ? "--ranks \(columns * data)" : "mpirun -n \(columns * data)"
      throw RunError(
        "the grid \(columns)x\(data) needs \(columns * data) ranks, not \(ranks). "
          + "Start \(start), or let the grid be auto.")
    }
    return ranks
  }
}
