import Foundation
import Hypergradients
import MessagePassing
import Networks
import Settings

/// Checks of the configuration and the user's own files, made before any rank is started.
package enum LaunchCheck {
  /// Rejects ranks without work, an unsuitable grid, and a trajectory that does not fit in memory.
  ///
  /// - Parameter verifies: whether columns are carried forward in any case.
  /// - Throws: `RunError`, `GridError`
  package static func run(
    _ configuration: Configuration, ranks: Int, verifies: Bool = false
  ) throws {
    try memory(ranks: ranks)
    var configuration = configuration
    if verifies { (configuration.method, configuration.mode) = (.glocal, .forward) }
    let expected = try ExpectedData(configuration)
    let (work, parameterCount) = (
      expected.work(configuration), expected.network.parameters.count
    )
    let choice = try GridChoice.choose(configuration.parallel.grid, ranks: ranks, work: work)
    try ProcessGrid.requireWork(
      columnGroups: choice.columns, dataGroups: choice.data,
      columns: work.mostColumnGroups(choice.mode), shards: work.shards)
    let plan = configuration.trajectoryPlan(parameterCount: parameterCount)
    if let problem = configuration.trajectoryProblem(choice.mode, plan) { throw problem }
  }

  /// Rejects a number of ranks that no division into groups keeps busy.
  ///
  /// - Parameter trials: all trials.
  /// - Throws: `RunError`, and errors of the user's own files.
  package static func trials(_ trials: [Configuration], ranks: Int) throws {
    try memory(ranks: ranks)
    // Trials with the same data and network share what is known of them.
    var latest: (key: Configuration, data: ExpectedData)?
    // The trials are of a few kinds only.
    var most: [(kind: WindowWork, ranks: Int)] = []
    var sum = 0
    for trial in trials {
      var key = Configuration()
      (key.data, key.network) = (trial.data, trial.network)
      let expected = try latest.flatMap { $0.key == key ? $0.data : nil } ?? ExpectedData(trial)
      latest = (key, expected)
      let work = expected.work(trial)
      let known = most.first { $0.kind == work }?.ranks
      let ranks =
        known ?? (work.modes.map(work.mostColumnGroups).max() ?? 1) * work.shards
      if known == nil { most.append((work, ranks)) }
      sum += ranks
    }
    guard ranks > sum else { return }
    throw RunError(
      "\(ranks) ranks are more than there is work for: \(trials.count) trial(s) keep at most \(sum) "
        + "of them busy. Start \(sum) ranks or fewer.")
  }

  /// Rejects a number of groups that the ranks cannot be divided into.
  ///
  /// - Throws: `RunError`
  package static func groups(_ groups: Int?, ranks: Int) throws(RunError) {
    guard let groups, ranks % groups != 0 else { return }
    let possible = divisors(of: ranks).map { "\($0)" }
    throw RunError(
      "--groups \(groups) does not divide \(ranks) rank(s): choose one of "
        + "\(possible.joined(separator: ", ")).")
  }

  /// Rejects more ranks than this machine can hold, whatever they do.
  ///
  /// - Throws: `RunError`
  package static func memory(ranks: Int) throws(RunError) {
    // A batch system may place them on other hosts.
    guard ProcessInfo.processInfo.environment["SLURM_JOB_ID"] == nil,
      let total = HostMemory.ofThisHost.total, ranks > Int(clamping: total) / leastBytes
    else { return }
    throw RunError(
      "\(ranks) ranks take at least \(ranks * leastBytes / 1_000_000_000) GB on "
        + "this machine, which has \(total / 1_000_000_000). Start fewer, or spread them over hosts "
        + "with mpirun or srun.")
  }

  /// The unshared memory of an idle rank.
  private static let leastBytes = 30_000_000
}
