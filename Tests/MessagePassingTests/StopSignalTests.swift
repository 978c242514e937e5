import Foundation
import MultiRankTesting
import Testing

/// Signals to a program that is inside a library and does not come out of it.
@Suite(.serialized) struct StopSignalTests {
  /// Starts ranks that spin, and waits until they watch.
  private func started(_ name: String = "spins", ranks: Int?) throws -> RunningRanks {
    let run = try RunningRanks(
      "mpi-check", (ranks.map { ["start-ranks", "\($0)"] } ?? []) + [name], ranks: nil)
    let deadline = ContinuousClock.now + .seconds(40)
    while run.output.components(separatedBy: "PID ").count <= ranks ?? 1 {
      try #require(ContinuousClock.now < deadline && run.isRunning)
      usleep(10_000)
    }
    return run
  }

  private func processes(_ run: MultiRankRun) -> [Int32] {
    run.lines(beginning: "PID ").compactMap { Int32($0.dropFirst(4)) }
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP], [nil, 2])
  func theSecondEndsAtOnce(signal: Int32, ranks: Int?) throws {
    let run = try started(ranks: ranks)
    kill(run.identifier, signal)
    usleep(500_000)
    #expect(run.isRunning)
    let asked = ContinuousClock.now
    kill(run.identifier, signal)
    let ended = try run.finish()
    #expect(ended.exitCode == 128 + signal)
    #expect(ContinuousClock.now - asked <= .seconds(10))
    for process in processes(ended) { #expect(RunningRanks.hasEnded(process)) }
  }

  @Test(arguments: [nil, 2]) func severalAtOnceAreOne(ranks: Int?) throws {
    let run = try started(ranks: ranks)
    for signal in [SIGTERM, SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGTERM] {
      kill(run.identifier, signal)
    }
    usleep(600_000)
    #expect(run.isRunning)
    kill(run.identifier, SIGINT)
    #expect(try run.finish().exitCode == 128 + SIGINT)
  }

  @Test(arguments: [nil, 2]) func aNoticeMayBeRepeated(ranks: Int?) throws {
    let run = try started(ranks: ranks)
    for _ in 0..<3 {
      kill(run.identifier, SIGUSR1)
      usleep(400_000)
    }
    kill(run.identifier, SIGTERM)
    usleep(500_000)
    #expect(run.isRunning)
    kill(run.identifier, SIGTERM)
    #expect(try run.finish().exitCode == 128 + SIGTERM)
  }

  @Test func anIgnoredHangupStaysIgnored() throws {
    let run = try started("spins-nohup", ranks: nil)
    for _ in 0..<3 {
      kill(run.identifier, SIGHUP)
      usleep(400_000)
    }
    #expect(run.isRunning)
    kill(run.identifier, SIGTERM)
    usleep(500_000)
    kill(run.identifier, SIGTERM)
    #expect(try run.finish().exitCode == 128 + SIGTERM)
  }

  @Test func theParentTakesItsRanksAlong() throws {
    let run = try started(ranks: 2)
    kill(run.identifier, SIGKILL)
    let ended = try run.finish()
    for process in processes(ended) { #expect(RunningRanks.hasEnded(process)) }
  }
}
