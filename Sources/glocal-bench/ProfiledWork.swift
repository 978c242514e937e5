import Differentiation
import Hypergradients
import Learning
import Storage

/// The time spent in some runs on this rank, by kind of work.
struct ProfiledWork {
  let profile: WorkProfile
  /// The time of all runs together, including clock readings.
  let seconds: Double
  /// Floating-point operations in the products of one run, two per multiplication.
  let operations: Int

  /// Runs something on a problem while timing its operations one by one.
  init(of problem: ShardedProblem<Float>, runs: Int, _ run: () throws -> Void) rethrows {
    let profile = WorkProfile()
    problem.profile = profile
    defer { problem.profile = nil }
    let start = ContinuousClock.now
    for _ in 0..<runs { try run() }
    seconds = (ContinuousClock.now - start).inSeconds
    operations = profile.operations / runs
    self.profile = profile
  }

  /// The share of each kind of work, and the speed of the convolutions in this context.
  var members: [JSONValue.Member] {
    let kinds: [(String, WorkKind)] = [
      ("convolution", .convolution), ("product", .product), ("normalization", .normalization),
      ("elementwise", .elementwise), ("sums", .sums),
    ]
    let shares = kinds.map { ($0.0, profile.seconds(of: $0.1) / seconds) }
    // Loading images, the inner optimizer, hypergradients, waiting.
    let rest = max(0, 1 - shares.reduce(0) { $0 + $1.1 })
    let speed =
      Double(profile.convolutionOperations) / profile.seconds(of: .convolution) * 1e-9
    return (shares + [("rest", rest)]).map { .init("\($0.0)_share", .number($0.1)) }
      + [.init("convolution_gflops", .number(speed))]
  }
}
