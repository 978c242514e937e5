import CMPI
import Testing

@testable import MessagePassing

/// Jobs of many ranks whose heartbeats are real and whose time is the test's.
@Suite(.serialized) struct HeartbeatTests {
  /// The sender of the last word waits `0.5 s + a beat + 0.3 s` for each doubling of its rank.
  private let moment = 5.0

  @Test func aThousandLiveRanksGoOn() {
    let job = ScriptedJob(size: 1000, limit: 4)
    // After ten seconds rank 0 would say whom of its neighbours it never heard.
    job.run(seconds: 11, stride: 0.2)
    #expect(job.ended.isEmpty && job.said.isEmpty)
    #expect(job.warnings.isEmpty)
  }

  @Test(arguments: [0, 743])
  func theSilentOneIsNamedAndAllEnd(silent: Int) {
    let job = ScriptedJob(size: 1000, limit: 4)
    job.run(seconds: 1, stride: 0.2)
    job.absent = [silent]
    job.run(seconds: 4 + moment, stride: 0.1)
    #expect(job.ended.count == 999)
    #expect(job.said.count == 1)
    let first = silent == 0 ? 1 : 0
    let said = job.said.first
    #expect(said?.rank == first, "the first rank that lives speaks")
    #expect((said?.seconds ?? 0) >= 5, "not before the limit")
    let text = said?.text ?? ""
    #expect(
      text.hasPrefix("rank \(first) of 1000 on h0: no sign of life for "), "\(text)")
    #expect(
      text.hasSuffix(
        "s from rank \(silent) on h\(silent / 128) (stopped, or its host or network is gone)"),
      "\(text)")
  }

  /// Whole hosts go, whether their ranks are in a row or every so many.
  @Test(arguments: [true, false], [[0], [3], [0, 4]])
  func theRanksOfHostsAreNamedTogether(inARow: Bool, hosts: [Int]) {
    let host = { (rank: Int) in inARow ? rank / 50 : rank % 8 }
    let job = ScriptedJob(size: 400, limit: 4, hostOfRank: host)
    job.run(seconds: 1, stride: 0.2)
    job.absent = Set((0..<400).filter { hosts.contains(host($0)) })
    job.run(seconds: 4 + moment, stride: 0.1)
    #expect(job.ended.count == 400 - job.absent.count)
    #expect(job.said.count == 1)
    let text = job.said.first?.text ?? ""
    #expect(job.said.first?.rank == (0..<400).first { !job.absent.contains($0) })
    let named = text.components(of: "rank ").dropFirst()
    let unnamed = text.components(of: " and ").dropFirst().first.map { more in
      Int(more.prefix { $0.isNumber }) ?? 0
    }
    #expect(named.count + (unnamed ?? 0) == job.absent.count, "\(text)")
    for name in named {
      let rank = Int(name.prefix { $0.isNumber }) ?? -1
      #expect(job.absent.contains(rank), "rank \(rank) lives")
      #expect(name.hasPrefix("\(rank) on h\(host(rank))"), "\(name)")
    }
    #expect(text.hasSuffix("(stopped, or its host or network is gone)"))
  }

  @Test func aRankWhoseNeighboursAreAllSilentIsNamedToo() {
    let job = ScriptedJob(size: 300, limit: 4)
    job.run(seconds: 1, stride: 0.2)
    job.absent = Set(Watchdog.neighbours(of: 150, size: 300) + [150])
    job.run(seconds: 4 + moment, stride: 0.1)
    #expect(job.ended.count == 300 - job.absent.count)
    #expect(job.said.count == 1)
    for rank in job.absent {
      #expect(job.said.first?.text.contains(" rank \(rank) on h\(rank / 128)") == true)
    }
  }

  /// It wakes while the others end: the job is over for it as well, and it says nothing more.
  @Test func aStoppedRankThatWakesLateEndsToo() {
    let job = ScriptedJob(size: 30, limit: 4)
    job.run(seconds: 1, stride: 0.2)
    job.absent = [7]
    job.run(seconds: 4 + moment, stride: 0.1)
    #expect(job.ended.count == 29)
    job.absent = []
    job.run(seconds: 1, stride: 0.1)
    #expect(job.ended.count == 30)
    #expect(job.said.count == 1)
  }

  @Test func whoSaysGoodbyeIsNotMissed() {
    let job = ScriptedJob(size: 20, limit: 4)
    job.run(seconds: 1, stride: 0.2)
    for rank in [0, 5, 6, 19] { job.leave(rank) }
    job.run(seconds: 16, stride: 0.2)
    #expect(job.ended.isEmpty && job.said.isEmpty && job.warnings.isEmpty)
  }

  @Test func whoWasNeverHeardIsNotWatchedAndRankZeroSaysSo() {
    let job = ScriptedJob(size: 20, limit: 4, hostOfRank: { $0 / 2 })
    job.absent = [4, 13]
    job.run(seconds: 40, stride: 0.2)
    #expect(job.ended.isEmpty && job.said.isEmpty)
    #expect(job.warnings.count == 1)
    let text = job.warnings.first?.text ?? ""
    #expect(
      text.hasPrefix("rank 0 of 20 on h0 has heard no heartbeat from rank 4 on h2"),
      "\(text)")
  }

  @Test func timeInWhichARankWasStoppedIsNobodysSilence() {
    let job = ScriptedJob(size: 3, limit: 4)
    job.run(seconds: 1, stride: 0.2)
    // All at once, as under `scontrol suspend`.
    job.run(seconds: 100, stride: 100)
    job.run(seconds: 3, stride: 0.2)
    #expect(job.said.isEmpty && job.ended.isEmpty)
  }

  @Test func neighboursAreFewAndWatchEachOther() {
    for size in [2, 3, 4, 5, 6, 31, 32, 33, 1000, 10_000] {
      let all = (0..<size).map { Watchdog.neighbours(of: $0, size: size) }
      for rank in 0..<size {
        #expect(!all[rank].isEmpty && !all[rank].contains(rank))
        #expect(all[rank].count <= 28 && Set(all[rank]).count == all[rank].count)
        for neighbour in all[rank] { #expect(all[neighbour].contains(rank)) }
      }
    }
    #expect(Watchdog.neighbours(of: 0, size: 2) == [1])
    #expect(Watchdog.neighbours(of: 2, size: 12) == [0, 1, 3, 4, 6, 10])
  }
}

extension String {
  /// The parts between a separator.
  func components(of separator: String) -> [Substring] { split(separator: separator) }
}
