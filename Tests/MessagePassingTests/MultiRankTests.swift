import Foundation
import MultiRankTesting
import Testing

/// The check program on several ranks; one test at a time, since each fills the machine.
@Suite(.serialized) struct MultiRankTests {
  /// Starts a case that has to end well on every rank.
  private func expectDone(_ name: String, ranks: Int) throws {
    let run = try MultiRankRun.run("mpi-check", [name], ranks: ranks, timeout: 120)
    #expect(run.failures.isEmpty, "\(run.failures.prefix(5))")
    #expect(run.finishedRanks == Array(0..<ranks), "\(run.errors)")
    #expect(run.exitCode == 0)
  }

  @Test(arguments: ["collectives", "chunks", "grid", "runtime", "none-disagrees"], 1...4)
  func caseHolds(name: String, ranks: Int) throws { try expectDone(name, ranks: ranks) }

  @Test(arguments: [6, 8]) func gridOfManyRanks(ranks: Int) throws {
    try expectDone("grid", ranks: ranks)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 8]) func orderedSumKeepsItsBits(ranks: Int) throws {
    try expectDone("ordered-sum", ranks: ranks)
  }

  @Test(arguments: [1, 2, 3, 4, 8]) func allreduceSumIsClose(ranks: Int) throws {
    try expectDone("ordered-allreduce", ranks: ranks)
  }

  @Test(arguments: ["ordered-sum", "ordered-allreduce", "runtime"])
  func caseHoldsWithoutLauncher(name: String) throws {
    let run = try MultiRankRun.run("mpi-check", [name], ranks: nil)
    #expect(run.failures.isEmpty, "\(run.failures.prefix(5))")
    #expect(run.finishedRanks == [0])
    #expect(run.exitCode == 0)
  }

  @Test func ranksYieldWhereTheyShareCores() throws {
    // A hostfile with many slots does not make Open MPI yield by itself, --oversubscribe does; the
    // program asks for it in both cases.
    let run = try MultiRankRun.run(
      "mpi-check", ["runtime"], ranks: 4, environment: ["OMPI_MCA_mpi_yield_when_idle": ""])
    #expect(run.failures.isEmpty, "\(run.failures.prefix(5))")
    #expect(run.finishedRanks == [0, 1, 2, 3])
  }

  @Test func aRunThatTakesTooLongIsEnded() throws {
    // The second rank never comes: what a test must survive.
    let run = try MultiRankRun.run("mpi-check", ["one-waits"], ranks: 2, timeout: 3)
    #expect(run.exitCode == 110)
    #expect(run.finishedRanks.isEmpty)
  }
}
