import MessagePassing

/// Every grid of the ranks: the rank's position, and that each axis connects the right ranks.
func checkGrid(_ test: MessagePassingCase) throws {
  let divisors = (1...test.size).filter { test.size % $0 == 0 }
  for columns in divisors {
    let data = test.size / columns
    let grid = try ProcessGrid(world: test.world, columns: columns, data: data)
    test.expect(
      test.rank == grid.columnGroup * data + grid.dataIndex, "\(columns)x\(data) layout")
    test.expect(grid.dataAxis.size == data, "\(columns)x\(data) data axis")
    test.expect(grid.dataAxis.rank == grid.dataIndex, "\(columns)x\(data) rank on data axis")
    test.expect(grid.columnAxis.size == columns, "\(columns)x\(data) column axis")
    test.expect(grid.columnAxis.rank == grid.columnGroup, "\(columns)x\(data) rank on column axis")
    let row = (0..<Int64(data)).map { Int64(grid.columnGroup * data) + $0 }
    test.expect(grid.dataAxis.allgather(Int64(test.rank)) == row, "\(columns)x\(data) row")
    let column = (0..<Int64(columns)).map { $0 * Int64(data) + Int64(grid.dataIndex) }
    test.expect(
      grid.columnAxis.allgather(Int64(test.rank)) == column, "\(columns)x\(data) column")

    for q in [1, 2, 3, 385, 5000] {
      let owned = grid.ownedColumns(of: q)
      let all = grid.columnAxis.allgatherVariable(owned.map { Int64($0) })
      test.expect(all == (0..<Int64(q)).map { $0 }, "\(columns)x\(data) columns of \(q)")
      let sum = OrderedSum<Float>(shards: q, length: 1, over: grid.dataAxis)
      test.expect(sum.ownedShards == grid.ownedShards(of: q), "\(columns)x\(data) shards of \(q)")
    }
  }
  checkSplit(test)
  do {
    _ = try ProcessGrid(world: test.world, columns: test.size + 1, data: 2)
    test.expect(false, "a grid that does not fit was made")
  } catch {
    test.expect(error.description.contains("does not fit"), "\(error)")
  }
}

/// Colors that include every rank, and keys that reverse the order.
private func checkSplit(_ test: MessagePassingCase) {
  let part = test.world.split(color: test.rank % 2, key: -test.rank)
  let members = (0..<test.size).filter { $0 % 2 == test.rank % 2 }.reversed().map { Int64($0) }
  test.expect(part.size == members.count, "size of a part")
  test.expect(part.allgather(Int64(test.rank)) == members, "order of a part")
  test.expect(
    part.split(color: 0, key: 0).allreduceSum(Int64(1)) == Int64(members.count), "part of a part")
}
