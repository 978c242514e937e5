/// Communication between the ranks of a run: columns (or rows of adjoints) are gathered on the
/// root, decisions are broadcast back.
///
/// Every function is collective: all ranks call it, in the same order.
public protocol Coordinator: AnyObject {
  /// Whether this rank estimates, updates φ and reports.
  var isRoot: Bool { get }

  /// The entries of φ that this rank owns.
  ///
  /// - Parameter count: q.
  func columns(of count: Int) -> Range<Int>

  /// Gathers the ranks' columns.
  ///
  /// - Parameters:
  ///   - block: this rank's columns, `[rows, columns]` row-major.
  ///   - rows: the number of rows.
  ///   - count: q.
  /// - Returns: `[rows, q]` row-major on the root, nil elsewhere.
  func gather(_ block: [Double], rows: Int, count: Int) -> [Double]?

  /// The indices of the observed steps that this rank's adjoints start from, last step first; every
  /// step belongs to one rank of the column axis.
  ///
  /// - Parameter count: σ.
  func rows(of count: Int) -> [Int]

  /// Gathers the ranks' rows.
  ///
  /// - Parameters:
  ///   - block: the rows listed by `rows(of:)`, in that order, `[own rows, q]` row-major.
  ///   - rows: σ.
  ///   - count: q.
  /// - Returns: `[σ, q]` row-major on the root, nil elsewhere.
  func gatherRows(_ block: [Double], rows: Int, count: Int) -> [Double]?

  /// Broadcasts the root's numbers to all ranks; the count must be the same everywhere.
  func broadcast(_ numbers: inout [Double])

  /// Whether the condition holds on any rank.
  func anyRank(_ condition: Bool) -> Bool
}

/// A single rank that owns every column.
public final class SingleRank: Coordinator {
  /// Always true.
  public let isRoot = true

  /// Creates a coordinator for a run on a single rank.
  public init() {}

  /// All columns.
  public func columns(of count: Int) -> Range<Int> { 0..<count }

  /// Returns the block itself.
  public func gather(_ block: [Double], rows: Int, count: Int) -> [Double]? {
    precondition(
      block.count == rows * count, "\(block.count) numbers for \(rows) rows of \(count) columns")
    return block
  }

  /// All rows, last first.
  public func rows(of count: Int) -> [Int] { (0..<count).reversed() }

  /// Returns the block with its rows in ascending order.
  public func gatherRows(_ block: [Double], rows: Int, count: Int) -> [Double]? {
    assembledRows([block], rows: rows, count: count)
  }

  /// Does nothing.
  public func broadcast(_ numbers: inout [Double]) {}

  /// Returns the condition itself.
  public func anyRank(_ condition: Bool) -> Bool { condition }
}

/// The rows of one of several groups: the steps whose distance from the last step is `group` modulo
/// `groups`.
///
/// The backward pass is longer for later steps, so steps are dealt out to balance the groups.
func dealtRows(of count: Int, groups: Int, group: Int) -> [Int] {
  stride(from: count - 1 - group, through: 0, by: -groups).map { $0 }
}

/// Assembles `[rows, count]` from the blocks of all groups, each with its dealt rows, last first.
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
