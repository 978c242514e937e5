import Foundation
import MultiRankTesting
import Testing

/// The check program on several ranks; one test at a time, since each fills the machine.
@Suite(.serialized) struct MultiRankTests {
  /// What has to end well on every rank, one after the other in one start of the ranks.
  static let cases: [(ranks: Int, names: [String])] =
    (1...4).map {
      (
        $0,
        [
          "collectives", "waiting", "grid", "runtime", "none-disagrees", "agree-and-go-on",
          "ordered-sum", "ordered-allreduce", "chunks",
        ]
      )
    } + [
      (5, ["ordered-sum"]), (6, ["grid"]), (8, ["grid", "ordered-sum", "ordered-allreduce"]),
    ]

  @Test(arguments: cases) func casesHold(ranks: Int, names: [String]) throws {
    let run = try MultiRankRun.run("mpi-check", names, ranks: ranks, timeout: 120)
    let begun = run.lines(beginning: "CASE ").suffix(ranks)
    #expect(run.failures.isEmpty, "\(run.failures.prefix(5))")
    #expect(run.finishedRanks == Array(0..<ranks), "\(run.errors) after \(begun)")
    #expect(run.exitCode == 0)
  }

  @Test(arguments: ["ordered-sum", "ordered-allreduce", "runtime", "agree-and-go-on"])
  func caseHoldsWithoutLauncher(name: String) throws {
    let run = try MultiRankRun.run("mpi-check", [name], ranks: nil)
    #expect(run.failures.isEmpty, "\(run.failures.prefix(5))")
    #expect(run.finishedRanks == [0])
    #expect(run.exitCode == 0)
  }

  @Test func ranksYieldWhereTheyShareCores() throws {
    // A hostfile with many slots does not make Open MPI yield by itself, as --oversubscribe does.
    let hostfile = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../hostfiles/workstation").standardized.path
    let run = try MultiRankRun.run("mpi-check", ["runtime"], ranks: 8, hostfile: hostfile)
    #expect(run.failures.isEmpty, "\(run.failures.prefix(5))")
    #expect(run.finishedRanks == Array(0..<8), "\(run.errors)")
  }

  @Test func aProgramStartsItsOwnRanks() throws {
    let run = try MultiRankRun.run("mpi-check", ["start-ranks", "3", "grid"], ranks: nil)
    #expect(run.failures.isEmpty, "\(run.failures.prefix(5))")
    #expect(run.finishedRanks == [0, 1, 2], "\(run.errors)")
    #expect(run.exitCode == 0)
  }

  @Test func ownRanksPassOnTheirExitCode() throws {
    let run = try MultiRankRun.run("mpi-check", ["start-ranks", "3", "all-disagree"], ranks: nil)
    #expect(run.exitCode == 64)
    #expect(run.errorLines.count == 1, "\(run.errors)")
  }

  @Test(arguments: [("0", nil), ("3", 2)] as [(String, Int?)])
  func impossibleRanksAreRefused(wanted: String, ranks: Int?) throws {
    let run = try MultiRankRun.run("mpi-check", ["start-ranks", wanted, "grid"], ranks: ranks)
    #expect(run.exitCode != 0)
    #expect(run.finishedRanks.isEmpty)
    #expect(run.errors.contains(wanted == "0" ? "0 ranks" : "mpirun -n 3"), "\(run.errors)")
  }

  @Test func aMissingLauncherIsNamed() throws {
    let run = try MultiRankRun.run(
      "mpi-check", ["start-ranks", "2", "grid"], ranks: nil, environment: ["PATH": "/nowhere"])
    #expect(run.exitCode != 0)
    #expect(run.errors.contains("mpirun cannot be started"), "\(run.errors)")
  }

  @Test func aRunThatTakesTooLongIsEnded() throws {
    // The second rank never comes: what a test must survive.
    let run = try MultiRankRun.run("mpi-check", ["one-waits"], ranks: 2, timeout: 3)
    #expect(run.exitCode == 110)
    #expect(run.finishedRanks.isEmpty)
  }
}
