import Glibc
import MessagePassing

/// One case on one rank: the job and the failures found.
final class MessagePassingCase {
  let runtime: MessagePassingRuntime
  var world: any Communicator { runtime.world }
  var rank: Int { world.rank }
  var size: Int { world.size }

  init(runtime: MessagePassingRuntime) { self.runtime = runtime }

  /// Reports a failure in the form that `MultiRankRun` reads.
  func expect(
    _ condition: Bool, _ text: @autoclosure () -> String, file: String = #fileID, line: Int = #line
  ) {
    if !condition { print("FAIL rank=\(rank) \(file):\(line) \(text())") }
  }
}

/// Starts message passing, runs the cases in order, and prints that this rank has finished.
func runCases(
  named names: [String], among cases: [String: (MessagePassingCase) throws -> Void]
) {
  let bodies = names.map { name -> (MessagePassingCase) throws -> Void in
    guard let body = cases[name] else {
      print("unknown case '\(name)'; one of: \(cases.keys.sorted().joined(separator: ", "))")
      exit(ExitCode.usage)
    }
    return body
  }
  setProgramName("mpi-check")
  withMessagePassing { runtime in
    for (name, body) in zip(names, bodies) {
      if names.count > 1 { print("CASE \(name) rank=\(runtime.world.rank)") }
      try body(MessagePassingCase(runtime: runtime))
    }
    print("DONE rank=\(runtime.world.rank)")
  }
}

/// Starts the ranks of a case and exits as they do.
func startRanks(_ ranks: Int, arguments: [String]) -> Never {
  setProgramName("mpi-check")
  do {
    try launchRanks(ranks, arguments: arguments)
  } catch {
    SerialCommunicator().endJob(code: ExitCode.usage, message: "\(error)")
  }
}
