import Differentiation
import Hypergradients
import Learning
import Storage

/// Where the time of some runs went, on this rank.
struct ProfiledWork {
  let profile: WorkProfile
  /// Of all runs together, clock readings included.
  let seconds: Double
  /// Floating-point operations of the products of one run, two a multiplication.
  let operations: Int

  /// Runs something on a problem while its operations are timed one by one.
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

  /// The shares of the kinds of work, and the speed of the convolutions among the rest of it.
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
