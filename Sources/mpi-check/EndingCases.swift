import Glibc
import MessagePassing

private struct Trouble: Error, CustomStringConvertible {
  let description: String
}

/// Says which processes the test has to find gone.
private func announce(_ test: MessagePassingCase) {
  print("PID \(getpid())")
  fflush(nil)
  test.world.barrier()
}

/// What the runtime reports, and yielding where ranks share cores.
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

/// All ranks throw by themselves, without having agreed.
func allRanksThrow(_ test: MessagePassingCase) throws {
  announce(test)
  throw Trouble(description: "nobody can go on")
}

/// The last rank runs into a programming error while the others wait for it.
func oneRankTraps(_ test: MessagePassingCase) {
  announce(test)
  if test.rank == test.size - 1 { fatalError("a bug") }
  test.world.barrier()
}

/// The last rank receives more than it has room for: an error inside MPI.
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

/// Work that succeeds everywhere.
func noneDisagrees(_ test: MessagePassingCase) {
  let answer = test.world.allOrNone { test.rank * 2 }
  test.expect(answer == test.rank * 2, "got \(answer)")
}

/// The same bad configuration on all ranks.
func allFailAlike(_ test: MessagePassingCase) {
  announce(test)
  test.world.allOrNone { throw Trouble(description: "unknown key 'windw'; did you mean 'window'?") }
}

/// A file that some ranks cannot read.
func someFail(_ test: MessagePassingCase) {
  announce(test)
  test.world.allOrNone {
    if test.rank >= 1 { throw Trouble(description: "no data on rank \(test.rank)") }
  }
}

/// A stop that was asked for: no failure, but a code of its own.
func exitTogether(_ test: MessagePassingCase) {
  announce(test)
  print("LAST rank=\(test.rank)")
  test.world.exitAll(code: 75, message: "stopped; run again to go on")
}

/// A library that never returns: only a signal's handler can end it.
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

/// The last rank never comes to the barrier.
func oneRankWaits(_ test: MessagePassingCase) {
  if test.rank == test.size - 1 { sleep(600) }
  test.world.barrier()
}
