import Foundation
import MultiRankTesting
import Testing

/// How jobs end that do not end well: promptly, on all ranks, with one clear line.
@Suite(.serialized) struct EndingTests {
  /// Far below the timeout of 60 s, far above the second that mpirun takes.
  private let promptly = 20.0

  private func run(_ name: String, ranks: Int?, quiet: Bool = false) throws -> MultiRankRun {
    let run = try MultiRankRun.run("mpi-check", [name], ranks: ranks, quiet: quiet)
    #expect(run.seconds <= promptly)
    #expect(run.finishedRanks.isEmpty)
    let processes = run.lines(beginning: "PID ").compactMap { Int32($0.dropFirst(4)) }
    #expect(processes.count == ranks ?? 1)
    for process in processes {
      #expect(RunningRanks.hasEnded(process), "process \(process) is still there")
    }
    return run
  }

  @Test(arguments: 1...4) func oneRankThatThrowsEndsAll(ranks: Int) throws {
    let run = try run("one-throws", ranks: ranks)
    #expect(run.exitCode == 70)
    #expect(run.errorLines.count == 1, "\(run.errors)")
    #expect(run.errors.hasPrefix("mpi-check: rank \(ranks - 1) of \(ranks) on "))
    #expect(run.errors.hasSuffix(": the disk is full\n"))
  }

  @Test func oneRankWithoutLauncherThrows() throws {
    let run = try run("one-throws", ranks: nil)
    #expect(run.exitCode == 70)
    #expect(run.errors == "mpi-check: the disk is full\n")
  }

  @Test func ranksThatThrowTogetherDoNotAllSpeak() throws {
    let run = try run("all-throw", ranks: 4)
    #expect(run.exitCode == 70)
    #expect(run.errors.hasPrefix("mpi-check: rank "))
    // Nothing synchronizes them, so a second rank may be as quick as the first on a busy machine.
    #expect((1...3).contains(run.errorLines.count), "\(run.errors)")
  }

  @Test func aTrapOnOneRankEndsAll() throws {
    let run = try run("one-traps", ranks: 3)
    #expect(run.exitCode != 0)
    #expect(run.errors.contains("a bug"))
  }

  @Test(arguments: 2...4) func anErrorOfMPINamesRankAndRoutine(ranks: Int) throws {
    let run = try run("mpi-error", ranks: ranks)
    #expect(run.exitCode == 70)
    #expect(run.errors.contains("rank \(ranks - 1) of \(ranks) on "))
    #expect(run.errors.contains("MPI_Recv failed: MPI_ERR_TRUNCATE"), "\(run.errors)")
  }

  @Test(arguments: [1, 2, 3, 4, 8]) func ranksThatFailAlikePrintOneLine(ranks: Int) throws {
    let run = try run("all-disagree", ranks: ranks)
    #expect(run.exitCode == 64)
    #expect(run.errors == "mpi-check: unknown key 'windw'; did you mean 'window'?\n")
  }

  @Test func aFailureWithoutLauncherPrintsOneLine() throws {
    let run = try run("all-disagree", ranks: nil)
    #expect(run.exitCode == 64)
    #expect(run.errors == "mpi-check: unknown key 'windw'; did you mean 'window'?\n")
  }

  @Test(arguments: 2...4) func ranksThatFailApartNameTheLowest(ranks: Int) throws {
    let run = try run("some-disagree", ranks: ranks)
    #expect(run.exitCode == 70)
    #expect(run.errorLines.count == 1, "\(run.errors)")
    #expect(run.errors.hasPrefix("mpi-check: rank 1 of \(ranks) on "))
    #expect(run.errors.hasSuffix(": no data on rank 1\n"))
  }

  @Test(arguments: [1, 3]) func ranksThatExitTogetherLoseNoOutput(ranks: Int) throws {
    let run = try run("exit-together", ranks: ranks)
    #expect(run.exitCode == 75)
    #expect(run.lines(beginning: "LAST ").count == ranks)
    #expect(run.errors == "mpi-check: stopped; run again to go on\n")
  }

  @Test func tasksThatSlurmKeepsApartSaySo() throws {
    let run = try MultiRankRun.run(
      "mpi-check", ["runtime"], ranks: nil,
      environment: ["SLURM_PROCID": "0", "SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "4"])
    #expect(run.exitCode == 70)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.contains("srun --mpi=pmix"))
    let other = try MultiRankRun.run(
      "mpi-check", ["runtime"], ranks: nil,
      environment: ["SLURM_PROCID": "3", "SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "4"])
    #expect(other.exitCode == 70)
    #expect(other.errors.isEmpty, "only the first task speaks")
  }
}
