import MessagePassing
import Testing

/// The group of one behaves as a group of one rank of MPI would.
@Suite struct SerialCommunicatorTests {
  private let alone: any Communicator = SerialCommunicator()

  @Test func collectivesGiveBackWhatWentIn() {
    #expect(alone.rank == 0 && alone.size == 1 && alone.isRoot)
    alone.barrier()
    #expect(alone.broadcast(text: "φ = 3") == "φ = 3")
    #expect(alone.broadcast([1, 2, 3] as [Double]) == [1, 2, 3])
    #expect(alone.allreduceSum(Float(2.5)) == 2.5)
    #expect(alone.allreduceMaximum(Int64(-4)) == -4)
    #expect(alone.agree(true) && !alone.agree(false))
    #expect(alone.gatherVariable([7, 8] as [Int32]) == [[7, 8]])
    #expect(alone.allgatherVariable([7, 8] as [UInt8]) == [7, 8])
    #expect(alone.agreedOutcome { 5 } == .success(5))
    #expect(alone.agreedOutcomeOfRoot { 5 } == .success(5))
    #expect(alone.split(color: 3, key: -1).size == 1)
  }

  @Test func blocksToOneselfAreCopied() {
    var memory: [Float] = [1, 2, 3, 4, 0, 0, 0, 0]
    memory.withUnsafeMutableBufferPointer { all in
      guard let start = all.baseAddress else { return }
      alone.exchange(
        sends: [
          MessageBlock(start: start, count: 1, peer: 0),
          MessageBlock(start: start + 1, count: 3, peer: 0),
        ],
        receives: [
          MessageBlock(start: start + 7, count: 1, peer: 0),
          MessageBlock(start: start + 4, count: 3, peer: 0),
        ])
    }
    #expect(memory == [1, 2, 3, 4, 2, 3, 4, 1])
  }

  @Test func reductionsIntoAnotherBufferCopy() {
    let values: [Int64] = [4, 5]
    var result: [Int64] = [0, 0]
    values.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { alone.allreduce(source, into: $0, .sum) }
    }
    #expect(result == values)
  }

  @Test func anOrderedSumFollowsTheTree() {
    // 1 + 1e-8 is lost in float, 1e-8 + 1e-8 survives to the next addition: ((a + b) + (c + d)) + e.
    let values: [Float] = [1, 6e-8, 6e-8, 6e-8, -1]
    let sum = OrderedSum<Float>(shards: 5, length: 1, over: alone)
    #expect(sum.ownedShards == 0..<5)
    sum.begin()
    for shard in sum.ownedShards {
      sum.slot()[0] = values[shard]
      sum.commit()
    }
    var total: [Float] = [0]
    total.withUnsafeMutableBufferPointer { sum.finish(into: $0) }
    let (a, b, c, d, e) = (values[0], values[1], values[2], values[3], values[4])
    #expect(total[0] == ((a + b) + (c + d)) + e)
    #expect(total[0] != (((a + b) + c) + d) + e, "the order must be seen in this example")
  }
}
