import MessagePassing
import Runs
import Settings

/// Searches for the best start of a training: many trials, weak ones left early.
package enum SearchRunner {
  /// Runs a search to its end; a collective of all ranks of the job.
  ///
  /// Ends as `ExperimentRunner.run` does, but that a trial which diverges only ends itself.
  ///
  /// - Parameters:
  ///   - reader: what all trials have in common.
  ///   - groups: how many groups of ranks there are to be; nil: as suits each round.
  /// - Throws: what happens to one rank alone, such as a full disk.
  package static func run(
    _ settings: SearchSettings, over reader: ConfigurationReader, options: RunOptions,
    groups: Int?, world: any Communicator
  ) throws {
    let (base, plan) = world.allOrNone {
      (try reader.checked(), try settings.plan(over: reader))
    }
    let job = TrialJob(base: base, options: options, groups: groups, world: world)
    try job.run(
      title: { plan in
        let name = "search \(options.preset): \(plan.trials.count) trials"
        if plan.isPopulation, let rungs = plan.brackets.first?.rungs {
          return "\(name), of which the worst take over the best after every \(rungs[0]) window(s)"
        }
        let sizes = plan.brackets.first.map { zip($0.sizes, $0.rungs) }.map(Array.init) ?? []
        let rungs = sizes.map { "\($0) to window \($1)" }.joined(separator: ", ")
        return "\(name) (\(rungs))"
      }, plan: { _ in plan }, conclude: { try conclude($0) })
  }

  /// Refuses what can be refused before any rank is started.
  ///
  /// - Throws: `ConfigurationError`, `RunError`
  package static func check(
    _ settings: SearchSettings, over reader: ConfigurationReader, groups: Int?, ranks: Int
  ) throws {
    try LaunchCheck.groups(groups, ranks: ranks)
    try LaunchCheck.trials(
      settings.plan(over: reader).trials.map(\.configuration), ranks: ranks)
  }

  private static func conclude(_ results: TrialJob.Results) throws {
    let table = TrialTable(store: results.store, costs: results.costs)
    try table.write()
    let report = SearchReport(results: results, table: table)
    if let best = report.best {
      let configuration = results.store.plan.trials[best].configuration
      let classSizes =
        results.store.records[best].summary?["training_images_per_class"]?.array?
        .compactMap(\.int) ?? configuration.expectedClassSizes
      try BestTrial(store: results.store, index: best).write(
        try results.network(configuration), classSizes: classSizes)
    }
    for line in report.lines { results.say(line) }
    try results.store.folder.writeSummary(report.json)
    if report.best == nil {
      throw RunError(
        "No trial finished; \(results.store.folder.path)/trials.jsonl says why. Search "
          + "elsewhere, for example with smaller learning rates.")
    }
  }
}
