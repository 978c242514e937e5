/// How the ranks of a run come together: columns go to the root, decisions come back.
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

  /// Nothing to do.
  public func broadcast(_ numbers: inout [Double]) {}

  /// The condition itself.
  public func anyRank(_ condition: Bool) -> Bool { condition }
}
