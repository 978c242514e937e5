import Testing

@testable import MessagePassing

@Suite struct ProcessGridTests {
  @Test func balancedRangesCoverEverythingEvenly() {
    for n in [0, 1, 2, 7, 8, 385, 5000] {
      for parts in [1, 2, 3, 8, 12] {
        let ranges = (0..<parts).map { balancedRange(of: n, parts: parts, index: $0) }
        #expect(ranges.flatMap { $0 } == (0..<n).map { $0 })
        let sizes = ranges.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        #expect(sizes == sizes.sorted(by: >), "the last ones have less")
      }
    }
  }

  @Test(arguments: [(2, 1), (1, 2), (0, 1), (1, 0), (-1, -1), (Int.max, 2)])
  func aGridThatDoesNotFitIsRefused(columns: Int, data: Int) {
    #expect(throws: GridError.wrongProduct(columns: columns, data: data, ranks: 1)) {
      _ = try ProcessGrid(world: SerialCommunicator(), columns: columns, data: data)
    }
  }

  @Test func aGridOfOneOwnsEverything() throws {
    let grid = try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1)
    #expect(grid.ownedColumns(of: 385) == 0..<385)
    #expect(grid.ownedShards(of: 8) == 0..<8)
    #expect(grid.dataAxis.size == 1)
    #expect(grid.columnAxis.size == 1)
    try grid.requireWork(columns: 1, shards: 1)
  }

  /// Ranks that own nothing, by going through all of them.
  private func idle(_ columns: Int, _ data: Int, q: Int, shards: Int) -> [Int] {
    (0..<columns * data).filter { rank in
      balancedRange(of: q, parts: columns, index: rank / data).isEmpty
        || balancedRange(of: shards, parts: data, index: rank % data).isEmpty
    }
  }

  @Test(arguments: [(4, 2, 3, 8), (2, 3, 3, 2), (1, 5, 3, 2), (3, 1, 1, 8)])
  func ranksWithoutWorkAreNamed(columns: Int, data: Int, q: Int, shards: Int) throws {
    let idle = idle(columns, data, q: q, shards: shards)
    let names = idle.map { "\($0)" }.joined(separator: ", ")
    let error = try #require(throws: GridError.self) {
      try ProcessGrid.requireWork(
        columnGroups: columns, dataGroups: data, columns: q, shards: shards)
    }
    #expect(error.idleRanks == idle)
    #expect(error.description.contains("rank(s) \(names) would idle"), "\(error)")
    #expect(error.description.contains("use at most"))
  }

  @Test func longListsAreShortened() throws {
    let error = try #require(throws: GridError.self) {
      try ProcessGrid.requireWork(columnGroups: 32, dataGroups: 1, columns: 3, shards: 8)
    }
    #expect(error.description.contains("3, 4, 5, …, 31"))
  }

  @Test func enoughWorkIsAccepted() throws {
    try ProcessGrid.requireWork(columnGroups: 3, dataGroups: 8, columns: 3, shards: 8)
    try ProcessGrid.requireWork(columnGroups: 1, dataGroups: 1, columns: 5000, shards: 375)
  }
}
