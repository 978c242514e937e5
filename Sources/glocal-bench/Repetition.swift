import Hypergradients
/// How often to repeat a run to find its shortest time.
enum Repetition {
  case count(Int)
  case seconds(Double)

  /// The seconds of the fastest run, and the number of timed runs.
  ///
  /// Two warm-up runs come first: they create tapes and kernels and fill the caches.
  func fastest(_ run: () throws -> Void) rethrows -> Timing {
    for _ in 0..<2 { try run() }
    let clock = ContinuousClock()
    let start = clock.now
    var timing = Timing()
    repeat {
      let begin = clock.now
      try run()
      timing.add(seconds: (clock.now - begin).inSeconds)
    } while isUnfinished(runs: timing.runs, seconds: (clock.now - start).inSeconds)
    return timing
  }

  private func isUnfinished(runs: Int, seconds: Double) -> Bool {
    switch self {
    case .count(let count): runs < count
    case .seconds(let limit): seconds < limit
    }
  }
}

/// The shortest of several times.
struct Timing {
  private(set) var seconds = Double.infinity
  private(set) var runs = 0

  mutating func add(seconds: Double) {
    self.seconds = min(self.seconds, seconds)
    runs += 1
  }

  /// The speed in GFLOP/s.
  func gigaflops(_ operations: Int) -> Double { Double(operations) / seconds * 1e-9 }
}
