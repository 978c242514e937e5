import MessagePassing
import Runs
import Settings
import Storage

/// Compares methods on one problem, at equal steps and at equal compute.
package enum ComparisonRunner {
  /// Runs a comparison to its end; a collective of all ranks of the job.
  ///
  /// Ends as `SearchRunner.run` does.
  ///
  /// - Parameters:
  ///   - reader: what all trials have in common.
  ///   - groups: how many groups of ranks there are to be; nil: as suits each round.
  /// - Throws: what happens to one rank alone, such as a full disk.
  package static func run(
    _ settings: ComparisonSettings, over reader: ConfigurationReader, options: RunOptions,
    groups: Int?, world: any Communicator
  ) throws {
    let base = world.allOrNone { try reader.checked() }
    let job = TrialJob(base: base, options: options, groups: groups, world: world)
    var comparison: ComparisonPlan?
    try job.run(
      title: { "compare \(options.preset): \($0.trials.count) trials" },
      plan: { data in
        let plan = try ComparisonPlan(settings, over: reader) { configuration in
          try TrialCost(configuration, network: data.network(of: configuration))
        }
        comparison = plan
        return plan.trialPlan
      },
      conclude: { results in
        guard let comparison else { return }
        let table = TrialTable(store: results.store, costs: results.costs)
        try table.write()
        let report = ComparisonReport(results: results, plan: comparison, table: table)
        let folder = results.store.folder
        try AtomicFile.write(JSONText.document(report.json), to: "\(folder.path)/compare.json")
        try AtomicFile.write(
          TrialTable.csv(report.rows.map(\.json)), to: "\(folder.path)/compare.csv")
        for line in report.lines { results.say(line) }
        try folder.writeSummary(report.json)
      })
  }
}
