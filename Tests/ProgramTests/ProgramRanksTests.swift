import Foundation
import MultiRankTesting
import TestSupport
import Testing

extension ProgramTests {
  /// How ranks start and end.
  @Suite("Ranks") struct Ranks {
    @Test("--ranks starts them and comes to the same bits")
    func selfLaunch() throws {
      let one = try TinyRun.shared()
      let three = try TinyRun(options: ["--ranks", "3"])
      three.expectSameBits(as: one, "--ranks 3")
      #expect(try three.summary["ranks"]?.int == 3)
      // What is shown is shown once.
      #expect(three.run.output.components(separatedBy: "test accuracy").count == 2)
    }

    @Test("--ranks passes exit codes and messages on")
    func selfLaunchFails() throws {
      try BadInput(arguments: ["--ranks", "3", "--output", "/nowhere/deep/run"], "does not exist")
        .expectRefusal(ranks: nil)
      try BadInput(arguments: ["--ranks", "3", "--set", "data.validation=20000"], "20000")
        .expectRefusal(ranks: nil)
      let stopped = try TinyRun(
        Divergence.wild + ["divergence.policy=stop"], options: ["--ranks", "3"])
      #expect(stopped.run.exitCode == 70)
      #expect(stopped.run.errorLines.count == 1, "\(stopped.run.errors)")
    }

    @Test("--quiet prints nothing", arguments: [nil, 3])
    func quiet(ranks: Int?) throws {
      let run = try TinyRun(ranks: ranks, options: ["--quiet"])
      run.expectSuccess()
      #expect(run.run.output.isEmpty)
    }

    @Test("a rank that is killed ends the job")
    func killed() throws {
      let folder = try TemporaryFolder()
      let images = try SmallIDX.folder()
      let ranks = try RunningRanks(
        "glocal-dist",
        TinyRun.arguments(["inner.steps=1200000"], images) + [
          "--quiet", "--output", folder.path("run"),
        ],
        ranks: 3)
      // Into the second window at least.
      let trajectory = folder.path("run/trajectory.jsonl")
      let deadline = ContinuousClock.now + .seconds(40)
      while ContinuousClock.now < deadline,
        (FileManager.default.contents(atPath: trajectory) ?? Data()).isEmpty
      {
        usleep(20_000)
      }
      let processes = ranks.processes
      try #require(processes.count == 3)
      let killedAt = ContinuousClock.now
      #expect(kill(processes[1], SIGKILL) == 0)
      let run = try ranks.finish()
      #expect(run.exitCode == 137)
      // mpirun notices at once and takes about two seconds; the timeout would be 60.
      #expect(ContinuousClock.now - killedAt <= .seconds(20))
      for process in processes {
        #expect(RunningRanks.hasEnded(process), "process \(process) is still there")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.path("run/summary.json")))
    }
  }
}
