/// How many ranks there will be, before any is started.
public enum RankCount {
  /// The number of ranks where it is known: as asked, or as launched.
  ///
  /// - Parameters:
  ///   - asked: the value of `--ranks`, if given.
  ///   - launched: what the launcher says.
  ///   - grid: the process grid, whose size must be the number of ranks.
  /// - Returns: nil only under a launcher that does not tell.
  /// - Throws: ``LaunchProblem`` when the three do not go together.
  public static func agreed(
    asked: Int?, launched: LauncherEnvironment, grid: Configuration.Parallel.Grid
  ) throws(LaunchProblem) -> Int? {
    if let asked, asked < 1 {
      throw LaunchProblem(description: "--ranks must be at least 1, not \(asked).")
    }
    if let asked, launched.isLaunched, let size = launched.size, size != asked {
      throw LaunchProblem(
        description: "--ranks \(asked), but the launcher started \(size) ranks. Leave --ranks out "
          + "under a launcher.")
    }
    let ranks = launched.isLaunched ? launched.size : asked ?? 1
    if case .fixed(let columns, let data) = grid, let ranks, columns * data != ranks {
      let start =
        launched.isLaunched ? "mpirun -n \(columns * data)" : "--ranks \(columns * data)"
      throw LaunchProblem(
        description: "the grid \(columns)x\(data) needs \(columns * data) ranks, not \(ranks). "
          + "Start \(start), or let the grid be auto.")
    }
    return ranks
  }
}
