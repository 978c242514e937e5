import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Storage

extension ProgramTests {
  /// Runs that are asked to stop: a checkpoint, one line how to go on, exit code 75.
  @Suite("Signals") struct Signals {
    static let settings = ["inner.steps=600000", "checkpoint.every=null"]

    /// Starts a run, with ranks of its own where there are several, and waits for its third window.
    private func started(_ run: ResumableRun, ranks: Int?) throws -> RunningRanks {
      let started = try RunningRanks(
        "glocal-dist",
        TinyRun.arguments(run.settings, run.images) + ["--output", run.path]
          + (ranks.map { ["--ranks", "\($0)"] } ?? []),
        ranks: nil, environment: ["GLOCAL_DATA": ""])
      try run.wait(for: 3, of: started)
      return started
    }

    private func expectStopped(_ run: ResumableRun, _ stopped: MultiRankRun, _ comment: Comment) {
      #expect(stopped.exitCode == 75, "\(comment): \(stopped.errors)")
      #expect(stopped.errorLines.count == 1, "\(comment): \(stopped.errors)")
      #expect(
        stopped.errors.contains("Go on with: glocal-dist resume \(run.path) --data "), comment)
      #expect(run.checkpoints.count == 1, comment)
    }

    @Test("ask for a checkpoint, of one rank and of several", arguments: [nil, 3])
    func asks(ranks: Int?) throws {
      for signal in [SIGINT, SIGHUP, SIGTERM, SIGUSR1] {
        let run = try ResumableRun(Self.settings)
        let started = try started(run, ranks: ranks)
        kill(started.identifier, signal)
        expectStopped(run, try started.finish(), "signal \(signal)")
      }
    }

    @Test("several at once are one request", arguments: [nil, 2])
    func severalAtOnce(ranks: Int?) throws {
      let run = try ResumableRun(Self.settings)
      let started = try started(run, ranks: ranks)
      // As `timeout` does, a closing terminal, and a batch system on top.
      for signal in [SIGTERM, SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGUSR1] {
        kill(started.identifier, signal)
      }
      expectStopped(run, try started.finish(), "several")
    }

    @Test("a run that was stopped by Ctrl-C comes to the same bits")
    func goesOn() throws {
      let settings = ResultTests.Resuming.signalled
      let reference = try TinyRun.shared(settings)
      reference.expectSuccess()
      let run = try ResumableRun(settings)
      let started = try started(run, ranks: 2)
      kill(started.identifier, SIGINT)
      expectStopped(run, try started.finish(), "interrupted")
      let end = try run.resume()
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      try run.expectResults(of: reference, "interrupted")
    }

    @Test("before the ranks have begun nothing is lost, and they end")
    func early() throws {
      for pause in [0, 50_000, 150_000, 400_000] as [UInt32] {
        let run = try ResumableRun(Self.settings)
        let started = try RunningRanks(
          "glocal-dist",
          TinyRun.arguments(run.settings, run.images) + ["--output", run.path, "--ranks", "2"],
          ranks: nil, environment: ["GLOCAL_DATA": ""])
        // The parent is there when its child is.
        let deadline = ContinuousClock.now + .seconds(30)
        while started.processes.isEmpty, ContinuousClock.now < deadline { usleep(500) }
        usleep(pause)
        kill(started.identifier, SIGTERM)
        let stopped = try started.finish()
        #expect(stopped.exitCode == 75, "after \(pause) µs: \(stopped.errors)")
        #expect(stopped.errorLines.count == 1, "after \(pause) µs: \(stopped.errors)")
      }
    }

    @Test("a search and a comparison go on", arguments: ["search", "compare"], [nil, 2])
    func trials(command: String, ranks: Int?) throws {
      let trials = try TinyTrials(
        [command, "--methods", "none,local"] + (ranks.map { ["--ranks", "\($0)"] } ?? []),
        settings: TinyTrials.settings + ["inner.steps=60000"])
      let started = try trials.start(ranks: nil)
      let deadline = ContinuousClock.now + .seconds(30)
      while trials.bytes("plan.json").isEmpty, ContinuousClock.now < deadline { usleep(5000) }
      usleep(300_000)
      kill(started.identifier, SIGINT)
      let stopped = try started.finish()
      #expect(stopped.exitCode == 75, "\(stopped.errors)")
      #expect(stopped.errorLines.count == 1, "\(stopped.errors)")
      #expect(stopped.errors.contains("--output \(trials.path) and --resume"))
      #expect(trials.bytes("summary.json").isEmpty)
    }

    @Test("a verification keeps the windows it has", arguments: [nil, 2])
    func verification(ranks: Int?) throws {
      let folder = try TemporaryFolder()
      let images = try SmallIDX.folder()
      // The first window has a short way to its horizon, the last one never comes.
      let started = try RunningRanks(
        "glocal-dist",
        ["verify"] + TinyRun.arguments(["inner.steps=6000000"], images)
          + ["--windows", "1,900000", "--horizon", "60", "--output", folder.path("run")]
          + (ranks.map { ["--ranks", "\($0)"] } ?? []),
        ranks: nil, environment: ["GLOCAL_DATA": ""])
      let deadline = ContinuousClock.now + .seconds(40)
      while !started.output.contains("the truth after step"), ContinuousClock.now < deadline {
        usleep(20_000)
      }
      kill(started.identifier, SIGTERM)
      let stopped = try started.finish()
      #expect(stopped.exitCode == 75, "\(stopped.errors)")
      #expect(stopped.errorLines.count == 1, "\(stopped.errors)")
      #expect(stopped.errors.contains("verify.json has the windows verified so far"))
      let json = try JSONValue(
        parsing: Array(
          try #require(FileManager.default.contents(atPath: folder.path("run/verify.json")))))
      #expect(json["windows"]?.array?.count == 1)
    }
  }
}
