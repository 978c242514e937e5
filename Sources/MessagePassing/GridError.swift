/// A grid, or an amount of work, that does not fit the number of ranks.
public enum GridError: Error, Equatable {
  /// Column groups times data groups does not equal the number of ranks.
  case wrongProduct(columns: Int, data: Int, ranks: Int)
  /// There are more column groups than columns.
  case tooFewColumns(Int, columnGroups: Int, dataGroups: Int)
  /// There are more data groups than shards.
  case tooFewShards(Int, columnGroups: Int, dataGroups: Int)

  /// The ranks that would be idle.
  public var idleRanks: [Int] {
    switch self {
    case .wrongProduct: []
    case .tooFewColumns(let columns, let columnGroups, let dataGroups):
      Array(columns * dataGroups..<columnGroups * dataGroups)
    case .tooFewShards(let shards, let columnGroups, let dataGroups):
      (0..<columnGroups).flatMap { group in
        (shards..<dataGroups).map { group * dataGroups + $0 }
      }
    }
  }
}

extension GridError: CustomStringConvertible {
  /// One sentence with the problem and its remedy.
  public var description: String {
    switch self {
    case .wrongProduct(let columns, let data, let ranks):
      "the grid \(columns)x\(data) does not fit \(ranks) rank(s); choose C and D with C·D = \(ranks)"
    case .tooFewColumns(let columns, let columnGroups, let dataGroups):
      "the grid \(columnGroups)x\(dataGroups) has more column groups than the \(columns) "
        + "column(s) there are: rank(s) \(Self.list(idleRanks)) would idle; "
        + "use at most \(columns) column group(s), or fewer ranks"
    case .tooFewShards(let shards, let columnGroups, let dataGroups):
      "the grid \(columnGroups)x\(dataGroups) has more data groups than the "
        + "\(shards) shard(s) there are: rank(s) \(Self.list(idleRanks)) would idle; "
        + "use at most \(shards) data group(s), fewer ranks, or smaller shards"
    }
  }

  /// Abbreviates long lists: `4, 5, 6, …, 31`.
  private static func list(_ ranks: [Int]) -> String {
    guard ranks.count > 8, let last = ranks.last else {
      return ranks.map { "\($0)" }.joined(separator: ", ")
    }
    return ranks.prefix(3).map { "\($0)" }.joined(separator: ", ") + ", …, \(last)"
  }
}
