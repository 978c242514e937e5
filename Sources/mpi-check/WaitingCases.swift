import MessagePassing

/// Rank 0 receives bytes from all others in order of arrival, and answers each.
func checkWaiting(_ test: MessagePassingCase) {
  let desk = test.world.split(color: 0, key: test.rank)
  test.expect(desk.waitingSender() == nil, "nobody has sent anything")
  // No rank sends before all have looked.
  desk.barrier()
  func bytes(_ rank: Int, _ round: Int) -> [UInt8] {
    (0..<rank * round * 1000).map { UInt8(truncatingIfNeeded: $0 + rank) }
  }
  // The first messages are empty.
  for round in 0..<3 {
    if test.rank == 0 {
      var left = Set(1..<max(1, test.size))
      while !left.isEmpty {
        guard let sender = desk.waitingSender() else { continue }
        test.expect(left.remove(sender) != nil, "rank \(sender) sends once a round")
        test.expect(desk.receiveBytes(from: sender) == bytes(sender, round), "bytes of \(sender)")
        desk.send(bytes: [UInt8(sender), UInt8(round)], to: sender)
      }
    } else {
      desk.send(bytes: bytes(test.rank, round), to: 0)
      let answer = desk.receiveBytes(from: 0)
      test.expect(answer == [UInt8(test.rank), UInt8(round)], "answer to \(test.rank)")
    }
    // A rank with its answer must not be a round ahead of those still waiting.
    desk.barrier()
  }
  // Traffic on other communicators is not visible here.
  _ = test.world.allreduceSum(Int64(1))
  test.expect(desk.waitingSender() == nil, "everything has been received")
}
