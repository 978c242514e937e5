import MessagePassing

/// Coordinates the ranks of a process grid over MPI.
///
/// Column blocks are gathered along the column axis on its first rank; the root, rank 0 of the
/// world, decides and broadcasts.
public final class GridCoordinator: Coordinator {
  private let grid: ProcessGrid

  /// Creates the coordinator of a grid.
  public init(_ grid: ProcessGrid) { self.grid = grid }

  /// Whether this is rank 0 of the world.
  public var isRoot: Bool { grid.world.isRoot }

  /// The columns of this rank's column group.
  public func columns(of count: Int) -> Range<Int> { grid.ownedColumns(of: count) }

  /// Gathers the column groups' blocks side by side on the root.
  public func gather(_ block: [Double], rows: Int, count: Int) -> [Double]? {
    let blocks = grid.columnAxis.gatherVariable(block, root: 0)
    guard isRoot, let blocks else { return nil }
    var result = [Double](repeating: 0, count: rows * count)
    for (group, block) in blocks.enumerated() {
      let columns = balancedRange(of: count, parts: grid.columnGroups, index: group)
      precondition(
        block.count == rows * columns.count,
        "\(block.count) numbers for \(rows) rows of \(columns.count) columns")
      for row in 0..<rows {
        for (place, column) in columns.enumerated() {
          result[row * count + column] = block[row * columns.count + place]
        }
      }
    }
    return result
  }

  /// The rows of this rank's column group.
  public func rows(of count: Int) -> [Int] {
    dealtRows(of: count, groups: grid.columnGroups, group: grid.columnGroup)
  }

  /// Gathers the column groups' rows in step order on the root.
  public func gatherRows(_ block: [Double], rows: Int, count: Int) -> [Double]? {
    let blocks = grid.columnAxis.gatherVariable(block, root: 0)
    guard isRoot, let blocks else { return nil }
    return assembledRows(blocks, rows: rows, count: count)
  }

  /// Broadcasts the root's numbers to all ranks.
  public func broadcast(_ numbers: inout [Double]) {
    numbers.withUnsafeMutableBufferPointer { grid.world.broadcast($0, root: 0) }
  }

  /// Whether the condition holds on any rank of the world.
  public func anyRank(_ condition: Bool) -> Bool { !grid.world.agree(!condition) }
}
