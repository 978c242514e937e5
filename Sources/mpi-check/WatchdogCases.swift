import Glibc
import MessagePassing

/// Short, so that tests need not wait a minute; long compared to the second that a busy machine may
/// take.
private let limit = 3.0

/// Starts the watchdog and prints the processes that the test must find ended.
private func watch(_ test: MessagePassingCase) {
  print("PID \(getpid())")
  fflush(nil)
  Watchdog.start(watching: test.world, limit: limit)
  // By then every rank has heard the others.
  sleep(1)
  test.world.barrier()
}

/// One rank, given by the environment, is stopped while the others wait for it.
func oneRankStops(_ test: MessagePassingCase) {
  watch(test)
  let stopped = getenv("STOPPED_RANK").flatMap { Int(String(cString: $0)) } ?? test.size - 1
  if test.rank == stopped { raise(SIGSTOP) }
  test.world.barrier()
}

/// The last rank computes for three times the limit, which must not end the job.
func oneRankIsSlow(_ test: MessagePassingCase) {
  watch(test)
  if test.rank == test.size - 1 {
    let end = ContinuousClock.now + .seconds(3 * limit)
    while ContinuousClock.now < end {}
  }
  test.world.barrier()
}

/// All ranks stop, as under `scontrol suspend`, until the test continues them.
func allRanksStop(_ test: MessagePassingCase) {
  watch(test)
  raise(SIGSTOP)
  test.world.barrier()
}
