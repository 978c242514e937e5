import Foundation
import Hypergradients

/// A coordinator whose ranks are threads of the test: what MPI does, without MPI.
final class ThreadedRank: Coordinator {
  let rank: Int
  private let board: MeetingBoard

  init(rank: Int, board: MeetingBoard) {
    self.rank = rank
    self.board = board
  }

  var isRoot: Bool { rank == 0 }

  func columns(of count: Int) -> Range<Int> {
    rank * count / board.ranks..<(rank + 1) * count / board.ranks
  }

  func gather(_ block: [Double], rows: Int, count: Int) -> [Double]? {
    let blocks = board.exchange(rank, "gather", block)
    guard isRoot else { return nil }
    return (0..<rows).flatMap { row in
      blocks.flatMap { block in
        let width = block.count / rows
        return block[row * width..<(row + 1) * width]
      }
    }
  }

  func rows(of count: Int) -> [Int] {
    Array((0..<count).reversed().filter { (count - 1 - $0) % board.ranks == rank })
  }

  func gatherRows(_ block: [Double], rows: Int, count: Int) -> [Double]? {
    let blocks = board.exchange(rank, "gather rows", block)
    guard isRoot else { return nil }
    return (0..<rows).flatMap { row in
      let distance = rows - 1 - row
      let place = distance / board.ranks * count
      return blocks[distance % board.ranks][place..<place + count]
    }
  }

  func broadcast(_ numbers: inout [Double]) {
    let received = board.exchange(rank, "broadcast \(numbers.count)", numbers)[0]
    numbers = received
  }

  func anyRank(_ condition: Bool) -> Bool {
    board.exchange(rank, "any", [condition ? 1 : 0]).contains([1])
  }
}

/// Where the ranks meet: everybody puts something down and takes everything.
///
/// Fails the process when a rank does not come within ten seconds or comes for something else, so
/// that a mismatch of collectives is a failure and not a hang.
final class MeetingBoard: @unchecked Sendable {
  let ranks: Int
  private let condition = NSCondition()
  private var waiting: [Int: [Double]] = [:]
  private var purpose = ""
  private var result: [[Double]] = []
  private var round = 0

  init(ranks: Int) { self.ranks = ranks }

  func exchange(_ rank: Int, _ purpose: String, _ numbers: [Double]) -> [[Double]] {
    condition.lock()
    defer { condition.unlock() }
    if waiting.isEmpty { self.purpose = purpose }
    precondition(self.purpose == purpose, "rank \(rank) is at \(purpose), not at \(self.purpose)")
    waiting[rank] = numbers
    let mine = round
    if waiting.count == ranks {
      result = (0..<ranks).map { waiting[$0] ?? [] }
      waiting = [:]
      round += 1
      condition.broadcast()
    }
    let limit = Date(timeIntervalSinceNow: 10)
    while round == mine {
      precondition(condition.wait(until: limit), "rank \(rank) waits alone for \(purpose)")
    }
    return result
  }
}

/// Runs the same program on several ranks and returns what each of them made.
func onRanks<Result: Sendable>(
  _ count: Int, _ program: @escaping @Sendable (ThreadedRank) throws -> Result
) -> [Swift.Result<Result, any Error>] {
  let board = MeetingBoard(ranks: count)
  let results = Collected<Result>(count: count)
  let done = DispatchGroup()
  for rank in 0..<count {
    done.enter()
    Thread {
      let coordinator = ThreadedRank(rank: rank, board: board)
      results.put(Swift.Result { try program(coordinator) }, at: rank)
      done.leave()
    }.start()
  }
  done.wait()
  return results.all
}

private final class Collected<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var values: [Int: Result<Value, any Error>] = [:]
  private let count: Int

  init(count: Int) { self.count = count }

  func put(_ value: Result<Value, any Error>, at index: Int) {
    lock.withLock { values[index] = value }
  }

  var all: [Result<Value, any Error>] {
    lock.withLock { (0..<count).compactMap { values[$0] } }
  }
}
