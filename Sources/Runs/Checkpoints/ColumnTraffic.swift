import Differentiation
import MessagePassing
import Storage
import Tensors

/// Transfers columns between the ranks that own them and the root, one at a time.
///
/// The first ranks of the data axes take part; the root needs memory for a single column at a time,
/// however many there are.
struct ColumnTraffic<Number: Scalar & MessageElement> {
  let grid: ProcessGrid

  /// Sends all columns of a jet to the root in order; a collective.
  ///
  /// - Parameters:
  ///   - jet: holds this rank's columns.
  ///   - count: q.
  ///   - take: called on the root with each column.
  func toRoot(
    _ jet: Jet<Number>, count: Int,
    take: (UnsafeMutableBufferPointer<Number>) throws(FileError) -> Void
  ) throws(FileError) {
    guard grid.dataIndex == 0 else { return }
    let own = grid.ownedColumns(of: count)
    let passing = Buffer<Number>(count: grid.world.isRoot ? jet.count : 0)
    for column in 0..<count {
      if grid.world.isRoot {
        if own.contains(column) {
          try take(jet.tangent(column - own.lowerBound))
        } else {
          grid.columnAxis.receive(passing.elements, from: owner(of: column, count))
          try take(passing.elements)
        }
      } else if own.contains(column) {
        grid.columnAxis.send(UnsafeBufferPointer(jet.tangent(column - own.lowerBound)), to: 0)
      }
    }
  }

  /// Sends each column from the root to the rank that owns it; a collective.
  ///
  /// - Parameter give: called on the root to fill each column in turn.
  /// - Throws: errors of `give`.
  func fromRoot(
    _ jet: Jet<Number>, count: Int,
    give: (_ column: Int, UnsafeMutableBufferPointer<Number>) throws -> Void
  ) throws {
    let own = grid.ownedColumns(of: count)
    if grid.dataIndex == 0 {
      let passing = Buffer<Number>(count: grid.world.isRoot ? jet.count : 0)
      for column in 0..<count {
        if grid.world.isRoot {
          if own.contains(column) {
            try give(column, jet.tangent(column - own.lowerBound))
          } else {
            try give(column, passing.elements)
            grid.columnAxis.send(
              UnsafeBufferPointer(passing.elements), to: owner(of: column, count))
          }
        } else if own.contains(column) {
          grid.columnAxis.receive(jet.tangent(column - own.lowerBound), from: 0)
        }
      }
    }
    for k in own.indices { grid.dataAxis.broadcast(jet.tangent(k - own.lowerBound), root: 0) }
  }

  private func owner(of column: Int, _ count: Int) -> Int {
    (0..<grid.columnGroups).first {
      balancedRange(of: count, parts: grid.columnGroups, index: $0).contains(column)
    } ?? 0
  }
}
