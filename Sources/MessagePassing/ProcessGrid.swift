/// A two-dimensional grid of ranks: column groups × data groups.
///
/// A column group owns a block of the hyperparameters' columns (or of the adjoints), a data group a
/// block of each minibatch's shards. World rank = `columnGroup · dataGroups + dataIndex`, so the
/// ranks that sum gradients have consecutive numbers, on one host where possible.
public struct ProcessGrid {
  /// C, the number of blocks that the columns are split into.
  public let columnGroups: Int
  /// D, the number of blocks that the shards are split into.
  public let dataGroups: Int
  /// The block of columns that this rank owns, in `0..<columnGroups`.
  public let columnGroup: Int
  /// The block of shards that this rank owns, in `0..<dataGroups`.
  public let dataIndex: Int
  /// All ranks.
  public let world: any Communicator
  /// The ranks with the same columns, ordered by `dataIndex`: gradients are summed over them.
  public let dataAxis: any Communicator
  /// The ranks with the same shards, ordered by `columnGroup`: hypergradients are gathered over
  /// them.
  public let columnAxis: any Communicator

  /// Arranges all ranks of `world` as `columns` × `data`; a collective of the world.
  ///
  /// - Throws: ``GridError`` on every rank unless the product equals the number of ranks.
  public init(world: any Communicator, columns: Int, data: Int) throws(GridError) {
    let (product, overflow) = columns.multipliedReportingOverflow(by: data)
    guard columns >= 1, data >= 1, !overflow, product == world.size else {
      throw GridError.wrongProduct(columns: columns, data: data, ranks: world.size)
    }
    self.world = world
    columnGroups = columns
    dataGroups = data
    columnGroup = world.rank / data
    dataIndex = world.rank % data
    dataAxis = world.split(color: columnGroup, key: dataIndex)
    columnAxis = world.split(color: dataIndex, key: columnGroup)
  }

  /// This rank's range of q columns.
  public func ownedColumns(of q: Int) -> Range<Int> {
    Self.balancedRange(of: q, parts: columnGroups, index: columnGroup)
  }

  /// This rank's range of S shards; the same as that of an ``OrderedSum`` over ``dataAxis``.
  public func ownedShards(of shards: Int) -> Range<Int> {
    Self.balancedRange(of: shards, parts: dataGroups, index: dataIndex)
  }

  /// See ``MessagePassing/balancedRange(of:parts:index:)``.
  public static func balancedRange(of n: Int, parts: Int, index: Int) -> Range<Int> {
    MessagePassing.balancedRange(of: n, parts: parts, index: index)
  }

  /// Checks that every rank has a column and a shard to work on.
  ///
  /// Not a collective, but either every rank throws or none does.
  ///
  /// - Throws: ``GridError`` naming the ranks that would be idle.
  public func requireWork(columns q: Int, shards: Int) throws(GridError) {
    try Self.requireWork(
      columnGroups: columnGroups, dataGroups: dataGroups, columns: q, shards: shards)
  }

  /// Checks a grid before it is created; see ``requireWork(columns:shards:)``.
  public static func requireWork(
    columnGroups: Int, dataGroups: Int, columns q: Int, shards: Int
  ) throws(GridError) {
    if columnGroups > q {
      throw GridError.tooFewColumns(q, columnGroups: columnGroups, dataGroups: dataGroups)
    }
    if dataGroups > shards {
      throw GridError.tooFewShards(shards, columnGroups: columnGroups, dataGroups: dataGroups)
    }
  }
}
