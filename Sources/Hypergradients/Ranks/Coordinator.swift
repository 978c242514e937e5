/// How the ranks of a run come together: columns (or adjoints' rows) go to the root, decisions come
/// back.
///
/// All ranks call each function together and in the same order.
public protocol Coordinator: AnyObject {
  /// Whether this is the rank that estimates, updates φ and reports.
  var isRoot: Bool { get }

  /// The entries of φ that this rank owns.
  ///
  /// - Parameter count: q.
  func columns(of count: Int) -> Range<Int>

  /// Puts the ranks' columns together.
  ///
  /// - Parameters:
  ///   - block: this rank's columns, `[rows, columns]` row-major.
  ///   - rows: how many rows.
  ///   - count: q.
  /// - Returns: `[rows, q]` row-major on the root, nil elsewhere.
  func gather(_ block: [Double], rows: Int, count: Int) -> [Double]?

  /// Which of some observed steps this rank's adjoints go back from, the last one first; every step
  /// belongs to one rank of the column axis.
  ///
  /// - Parameter count: σ.
  func rows(of count: Int) -> [Int]

  /// Puts the ranks' rows together.
  ///
  /// - Parameters:
  ///   - block: the rows of `rows(of:)` in their order, `[own rows, q]` row-major.
  ///   - rows: σ.
  ///   - count: q.
  /// - Returns: `[σ, q]` row-major on the root, nil elsewhere.
  func gatherRows(_ block: [Double], rows: Int, count: Int) -> [Double]?

  /// Gives the root's numbers to all ranks; the same count everywhere.
  func broadcast(_ numbers: inout [Double])

  /// Whether something holds on any rank.
  func anyRank(_ condition: Bool) -> Bool
}

/// One rank that owns every column.
public final class SingleRank: Coordinator {
  /// True.
  public let isRoot = true

  /// A run on a single rank.
  public init() {}

  /// All of them.
  public func columns(of count: Int) -> Range<Int> { 0..<count }

  /// The block itself.
  public func gather(_ block: [Double], rows: Int, count: Int) -> [Double]? {
    precondition(
      block.count == rows * count, "\(block.count) numbers for \(rows) rows of \(count) columns")
    return block
  }

  /// All of them, from the last.
  public func rows(of count: Int) -> [Int] { (0..<count).reversed() }

  /// The block the other way round.
  public func gatherRows(_ block: [Double], rows: Int, count: Int) -> [Double]? {
    assembledRows([block], rows: rows, count: count)
  }

  /// Nothing to do.
  public func broadcast(_ numbers: inout [Double]) {}

  /// The condition itself.
  public func anyRank(_ condition: Bool) -> Bool { condition }
}

/// The rows of group g of several: those steps whose distance from the last one is g modulo the number
/// of groups.
///
/// Ways back are the longer the later they start, so every group gets some of each.
func dealtRows(of count: Int, groups: Int, group: Int) -> [Int] {
  stride(from: count - 1 - group, through: 0, by: -groups).map { $0 }
}

/// `[rows, count]` from the blocks of all groups, each with its dealt rows from the last on.
func assembledRows(_ blocks: [[Double]], rows: Int, count: Int) -> [Double] {
  var result = [Double](repeating: 0, count: rows * count)
  for (group, block) in blocks.enumerated() {
    let own = dealtRows(of: rows, groups: blocks.count, group: group)
    precondition(
      block.count == own.count * count,
      "\(block.count) numbers for \(own.count) rows of \(count) columns")
    for (place, row) in own.enumerated() {
      result.replaceSubrange(
        row * count..<(row + 1) * count, with: block[place * count..<(place + 1) * count])
    }
  }
  return result
}
