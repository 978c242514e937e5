import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Storage

extension ResultTests {
  /// Runs that are stopped and go on: nothing may show that they were.
  @Suite("Checkpoints and resuming") struct Resuming {
    /// Twelve windows with a checkpoint after each, so that many a kill meets the writing of one.
    static let settings = ["inner.steps=72", "checkpoint.every=1"]

    /// Whatever a run may have to carry over a window's end.
    static let cases = [
      ["mode=forward"], ["mode=reverse"],
      // Double is slow: as many windows as there may be between two kills.
      ["mode=auto", "precision=double", "inner.steps=36"],
      ["window.carry=0.7"], ["inner.optimizer=adam", "window.carry=1"],
      ["inner.optimizer=adam", "mode=reverse"],
      ["task=reweighting", "reweighting.hidden=8", "mode=reverse"],
      ["task=reweighting", "reweighting.hidden=3", "mode=forward", "window.carry=0.5"],
      ["task=reweighting", "columns=function-space", "reweighting.columns=5", "window.carry=0.5"],
      ["method=truncated-global", "truncated-global.windows=5", "mode=forward"],
      ["method=truncated-global", "truncated-global.windows=5", "mode=reverse"],
      [
        "method=truncated-global", "truncated-global.windows=5", "mode=reverse",
        "parallel.trajectory-memory=2",
      ],
      ["method=global", "inner.steps=36"],
      [
        "method=implicit", "implicit.solver=nystrom", "task=reweighting",
        "reweighting.function=class", "hyperparameters.learning-rate.tuned=false",
        "hyperparameters.momentum.tuned=false",
      ],
      ["method=global-restart", "global-restart.outer-steps=6", "inner.steps=24"],
    ]

    @Test(
      "killed at random moments, going on elsewhere",
      arguments: zip(cases, 0..<UInt64(cases.count)))
    func killed(settings: [String], seed: UInt64) throws {
      let reference = try TinyRun(Self.settings + settings)
      #expect(reference.run.exitCode == 0 && reference.run.errors.isEmpty)
      let last = try reference.lines(.windows).count
      var random = SplitMix(seed: seed)
      let run = try ResumableRun(Self.settings + settings)
      var story = "seed \(seed)"
      for ranks in [2, nil, 3] as [Int?] {
        let started = try run.start(ranks: ranks)
        let recorded = try run.lines(.windows).count
        let window = min(last - 1, recorded + Int.random(in: 0...3, using: &random))
        try run.wait(for: window, of: started)
        usleep(UInt32.random(in: 0...20_000, using: &random))
        started.killAll()
        _ = try started.finish()
        story += ", \(ranks ?? 1) ranks killed after window \(window)"
      }
      let end = try run.start(ranks: 2).finish()
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(story): \(end.errors)")
      try run.expectResults(of: reference, "\(story)")
    }

    /// Long enough for the ranks' next agreement, a fifth of a second away.
    static let signalled = ["inner.steps=300", "window.carry=0.5", "checkpoint.every=null"]

    @Test("asked to stop by a signal", arguments: [SIGUSR1, SIGTERM], [nil, 3])
    func signalled(signal: Int32, ranks: Int?) throws {
      let reference = try TinyRun.shared(Self.signalled)
      reference.expectSuccess()
      let run = try ResumableRun(Self.signalled)
      let started = try run.start(ranks: ranks)
      try run.wait(for: 3, of: started)
      // One rank is enough; a launcher would have its own way with SIGTERM.
      kill(ranks == nil ? started.identifier : try #require(started.processes.last), signal)
      let stopped = try started.finish()
      #expect(stopped.exitCode == 75, "\(stopped.errors)")
      #expect(stopped.errorLines.count == 1, "\(stopped.errors)")
      #expect(stopped.errors.contains("Go on with: glocal-dist resume \(run.path) --data "))
      let checkpoints = run.checkpoints
      #expect(checkpoints.count == 1 && stopped.errors.contains(checkpoints[0]))
      let end = try run.resume(ranks: ranks == nil ? 2 : nil)
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      #expect(run.log.contains("resumed from window "))
      try run.expectResults(of: reference, "signal \(signal)")
    }

    @Test("a signal while MPI still starts is not lost, and ends no rank")
    func signalledEarly() throws {
      let settings = ["inner.steps=6000", "checkpoint.every=null"]
      let run = try ResumableRun(settings)
      let started = try run.start(ranks: 3)
      let deadline = ContinuousClock.now + .seconds(30)
      var catching: Int32?
      while catching == nil, started.isRunning, ContinuousClock.now < deadline {
        catching = started.processes.first { Self.catches(SIGUSR1, $0) }
      }
      kill(try #require(catching, "no rank took the signal in 30 s"), SIGUSR1)
      let stopped = try started.finish()
      #expect(stopped.exitCode == 75, "\(stopped.errors)")
      #expect(run.checkpoints.count == 1)
      #expect(try run.lines(.windows).count < 500, "it ran to its end")
    }

    /// Whether a rank has a handler for a signal, as the kernel sees it.
    ///
    /// What mpirun has forked is mpirun, with its handlers, until it becomes the program.
    private static func catches(_ signal: Int32, _ process: Int32) -> Bool {
      let program = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/\(process)/exe")
      guard program?.hasSuffix("/glocal-dist") == true else { return false }
      let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
      let line = status?.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
      let set = line.flatMap {
        UInt64($0.dropFirst(7).trimmingPrefix { $0.isWhitespace }, radix: 16)
      }
      return (set ?? 0) >> UInt64(signal - 1) & 1 == 1
    }

    @Test("a signal while the comparison is trained loses no window")
    func signalledAtTheEnd() throws {
      let settings = ["inner.steps=1200", "evaluation.baseline=true", "window.length=120"]
      let reference = try TinyRun(settings)
      reference.expectSuccess()
      let run = try ResumableRun(settings)
      let started = try run.start(ranks: nil)
      try run.wait(for: 10, of: started)
      while started.isRunning, !run.log.contains("training once more") { usleep(500) }
      kill(started.identifier, SIGUSR1)
      let stopped = try started.finish()
      #expect(stopped.exitCode == 75, "\(stopped.errors)")
      #expect(run.checkpoints == ["window-000010.safetensors"])
      let end = try run.resume()
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      try run.expectResults(of: reference, "after the last window")
    }

    @Test("the last ones are kept")
    func keeps() throws {
      let run = try TinyRun(["inner.steps=72", "checkpoint.every=5", "checkpoint.keep=2"])
      run.expectSuccess()
      #expect(
        FolderListing.names(in: run.folder.path("run/checkpoints"))
          == ["window-000010.safetensors", "window-000012.safetensors"])
      let none = try TinyRun(["checkpoint.every=null"])
      #expect(FolderListing.names(in: none.folder.path("run/checkpoints")).isEmpty)
    }
  }
}
