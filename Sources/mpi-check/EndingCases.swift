import Glibc
import MessagePassing

private struct Trouble: Error, CustomStringConvertible {
  let description: String
}

/// Prints the processes that the test must find ended.
private func announce(_ test: MessagePassingCase) {
  print("PID \(getpid())")
  fflush(nil)
  test.world.barrier()
}

/// What the runtime reports, and yielding if ranks share cores.
func checkRuntime(_ test: MessagePassingCase) {
  let facts = test.runtime.facts
  test.expect(facts.localSize == test.size, "local size \(facts.localSize)")
  test.expect(facts.localRank == test.rank, "local rank \(facts.localRank)")
  test.expect(facts.cores >= 1, "cores \(facts.cores)")
  test.expect(!facts.host.isEmpty, "no host name")
  if test.size > 1 {
    test.expect(facts.library.hasPrefix("Open MPI v"), "library \(facts.library)")
    test.expect(facts.standard == "3.1", "standard \(facts.standard)")
    test.expect(["funneled", "serialized", "multiple"].contains(facts.threadLevel), "threads")
    test.expect(facts.yieldsWhenIdle || !facts.isOversubscribed, "shares cores without yielding")
  }
}

/// The last rank throws while the others wait for it.
func oneRankThrows(_ test: MessagePassingCase) throws {
  announce(test)
  if test.rank == test.size - 1 { throw Trouble(description: "the disk is full") }
  test.world.barrier()
}

/// All ranks throw independently, without having agreed.
func allRanksThrow(_ test: MessagePassingCase) throws {
  announce(test)
  throw Trouble(description: "nobody can go on")
}

/// The last rank traps while the others wait for it.
func oneRankTraps(_ test: MessagePassingCase) {
  announce(test)
  if test.rank == test.size - 1 { fatalError("a bug") }
  test.world.barrier()
}

/// The last rank receives more than its buffer holds: an error inside MPI.
func oneRankMisusesMPI(_ test: MessagePassingCase) {
  announce(test)
  let isLast = test.rank == test.size - 1
  var values = [Double](repeating: 1, count: isLast ? 1 : 5)
  values.withUnsafeMutableBufferPointer {
    if test.rank == 0 { test.world.send(UnsafeBufferPointer($0), to: test.size - 1) }
    if isLast { test.world.receive($0, from: 0) }
  }
  test.world.barrier()
}

/// Work that succeeds on all ranks.
func noneDisagrees(_ test: MessagePassingCase) throws {
  let answer = try test.world.agreedOutcome { test.rank * 2 }.get()
  test.expect(answer == test.rank * 2, "got \(answer)")
}

/// The same bad configuration on all ranks.
func allFailAlike(_ test: MessagePassingCase) throws {
  announce(test)
  try test.world.agreedOutcome {
    throw Trouble(description: "unknown key 'windw'; did you mean 'window'?")
  }.get()
}

/// A file that some ranks cannot read.
func someFail(_ test: MessagePassingCase) throws {
  announce(test)
  try test.world.agreedOutcome {
    if test.rank >= 1 { throw Trouble(description: "no data on rank \(test.rank)") }
  }.get()
}

/// All ranks know of a failure, and none of them has to end because of it.
func agreeAndGoOn(_ test: MessagePassingCase) throws {
  let words = { (error: any Error) in "in other words: \(error)" }
  let alike = test.world.agreedOutcome(code: 65, words: words) {
    throw Trouble(description: "no key")
  }
  test.expectFailure(alike, code: 65, "in other words: no key")
  let last = test.size - 1
  let apart = test.world.agreedOutcome(words: words) {
    if test.rank == last { throw Trouble(description: "no data") }
  }
  // With a single rank, all ranks agree.
  let place = test.size == 1 ? "" : "rank \(last) of \(test.size) on \(hostName()): "
  test.expectFailure(
    apart, code: test.size == 1 ? ExitCode.usage : ExitCode.failure,
    place + "in other words: no data")
  let root = test.world.agreedOutcomeOfRoot(words: words) {
    throw OwnCode(description: "in use")
  }
  test.expectFailure(root, code: 75, "in other words: in use")
  let value = try test.world.agreedOutcomeOfRoot { test.rank }.get()
  test.expect(value == (test.rank == 0 ? 0 : nil), "a value that is not the root's alone")
}

private struct OwnCode: ErrorWithExitCode, CustomStringConvertible {
  let description: String
  let exitCode: Int32 = 75
}

extension MessagePassingCase {
  /// Expects the same code on all ranks, and the message on the root only.
  fileprivate func expectFailure<Value>(
    _ outcome: Result<Value, AgreedFailure>, code: Int32, _ message: String
  ) {
    guard case .failure(let failure) = outcome else { return expect(false, "no failure") }
    expect(failure.exitCode == code, "exit code \(failure.exitCode)")
    expect(
      failure.message == (rank == 0 ? message : nil), "message \(failure.message ?? "none")")
  }
}

/// A requested stop: not a failure, but with its own exit code.
func exitTogether(_ test: MessagePassingCase) {
  announce(test)
  print("LAST rank=\(test.rank)")
  test.world.endJob(code: 75, message: "stopped; run again to go on")
}

/// A library that never returns: only a signal handler can end it.
func spins(_ test: MessagePassingCase) {
  StopSignal.watch()
  announce(test)
  while true {}
}

/// The same under `nohup`.
func spinsWithoutHangup(_ test: MessagePassingCase) {
  signal(SIGHUP, SIG_IGN)
  spins(test)
}

/// The last rank never reaches the barrier.
func oneRankWaits(_ test: MessagePassingCase) {
  if test.rank == test.size - 1 { sleep(600) }
  test.world.barrier()
}
