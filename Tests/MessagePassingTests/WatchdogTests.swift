import Foundation
import MultiRankTesting
import Testing

@testable import MessagePassing

/// Ranks that fall silent end the job; ranks that are slow do not.
@Suite(.serialized) struct WatchdogTests {
  /// Whatever mpirun's own exit code, which may be a wrong one twice, though never 0.
  ///
  /// While it ends a job, mpirun 4.1 dies of its own segmentation fault once in about 200 times, or
  /// reports the rank that it killed itself.
  @Test(arguments: [(2, 1), (4, 3), (4, 0), (3, 1)])
  func aStoppedRankEndsAll(ranks: Int, stopped: Int) throws {
    var codes: [Int32] = []
    repeat {
      codes.append(try exitCode(ranks: ranks, stopped: stopped))
    } while codes.last != 74 && codes.count < 3
    #expect(codes.last == 74, "mpirun gave \(codes)")
    #expect(!codes.contains(0))
  }

  private func exitCode(ranks: Int, stopped: Int) throws -> Int32 {
    let run = try MultiRankRun.run(
      "mpi-check", ["one-stops"], ranks: ranks, environment: ["STOPPED_RANK": "\(stopped)"])
    // mpirun continues the stopped rank before it kills it; who saw the silence has left by then.
    #expect(run.finishedRanks.count < ranks, "a silent job was ended and finished nevertheless")
    // The limit of 3 s, the patience of ranks other than the root, mpirun's end, and a busy machine.
    #expect(run.seconds <= 20)
    let lines = run.errorLines.filter { $0.contains("no sign of life") }
    #expect(lines.first?.hasPrefix("mpi-check: rank ") == true, "\(run.errors)")
    #expect(lines.first?.contains("from rank \(stopped) on ") == true, "\(run.errors)")
    #expect(lines.first?.contains("it was waited for in MPI_Barrier") == true, "\(run.errors)")
    let processes = run.lines(beginning: "PID ").compactMap { Int32($0.dropFirst(4)) }
    #expect(processes.count == ranks)
    for process in processes {
      #expect(RunningRanks.hasEnded(process), "process \(process) is still there")
    }
    return run.exitCode
  }

  @Test func aSlowRankEndsNobody() throws {
    let run = try MultiRankRun.run("mpi-check", ["one-is-slow"], ranks: 3)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.finishedRanks == [0, 1, 2])
    #expect(run.errors.isEmpty)
    #expect(run.seconds >= 9, "it was slow for three times the limit")
  }

  @Test func timeWhenAllWereStoppedIsNobodysSilence() throws {
    let ranks = try RunningRanks("mpi-check", ["all-stop"], ranks: 3)
    sleep(10)
    let processes = ranks.processes
    for process in processes { kill(process, SIGCONT) }
    let run = try ranks.finish()
    #expect(processes.count == 3)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.finishedRanks == [0, 1, 2])
    #expect(run.seconds >= 10)
  }

  @Test func aStrangersFloodEndsNobody() throws {
    let ranks = try RunningRanks("mpi-check", ["one-is-slow"], ranks: 3)
    let deadline = ContinuousClock.now + .seconds(20)
    var sockets: [String] = []
    while sockets.count < 3, ranks.isRunning, ContinuousClock.now < deadline {
      sockets = ranks.processes.flatMap { udpSockets(of: $0) }
      usleep(20_000)
    }
    // `ADDRESS:PORT` in hexadecimal; on one host nobody else can reach them.
    #expect(sockets.count == 3 && sockets.allSatisfy { $0.hasPrefix("0100007F:") }, "\(sockets)")
    let port = try #require(sockets.first.flatMap { UInt32($0.suffix(4), radix: 16) })
    let stranger = Stranger()
    while ranks.isRunning {
      stranger.send([UInt8](repeating: 0x78, count: 32), to: port, times: 50)
      usleep(5_000)
    }
    let run = try ranks.finish()
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.finishedRanks == [0, 1, 2])
    #expect(run.errorLines.count == 1, "\(run.errors)")
    #expect(run.errors.contains("datagrams that are not this job's pour into UDP port \(port) of"))
  }

  /// Where a process listens, as `/proc/net/udp` writes it.
  private func udpSockets(of process: Int32) -> [String] {
    let folder = "/proc/\(process)/fd"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let own = Set(
      files.compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
      })
    let table = (try? String(contentsOfFile: "/proc/net/udp", encoding: .utf8)) ?? ""
    return table.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: " ")
      return fields.count > 9 && own.contains("socket:[\(fields[9])]") ? String(fields[1]) : nil
    }
  }
}
