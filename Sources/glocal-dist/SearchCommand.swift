import ArgumentParser
import Foundation
import MessagePassing
import Runs
import Trials

/// `glocal-dist search PRESET`.
struct SearchCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract:
      "Train from many starting points side by side, leave weak trials early, keep the best.",
    discussion: """
      The ranks are split into groups; each trains a trial. All trials train to the
      first rung, the best third of them to the next, and so on to the end
      (successive halving). A trial that waits goes on where it was, on any group:
      results do not depend on the ranks.

      With --resume and more --trials a finished search goes on: the first trials stay, and
      all compete at each rung. summary-N.json and best-N keep the results of the first N.

      Values are drawn uniformly in the logarithm (momentum and beta: in that of
      their distance from 1). Trials = starts x lists x seeds x methods.

      EXAMPLES:
        glocal-dist search glyphs --ranks 8
        glocal-dist search lenet-mnist --data DIR --trials 24 --output found \
          --range learning-rate=0.0003:0.3 --range momentum=0.5:0.99
        glocal-dist search glyphs --range learning-rate=0.003,0.03 \
          --seeds 0,1,2 --methods local,dmd
        mpirun -n 64 glocal-dist search wrn-28-2-cifar10 --data DIR \
          --groups 16 --output found --resume
        glocal-dist search glyphs --trials 24 --output found --resume
      """)

  @OptionGroup var job: TrialJobOptions

  @Option(help: ArgumentHelp("Starting points to draw (12), at most 10000.", valueName: "N"))
  var trials: Int?

  @Option(
    help: ArgumentHelp(
      "What to draw a hyperparameter's start (or a key) from, or a list; repeatable. Without any: "
        + "learning-rate=0.001:0.3.",
      valueName: "NAME=LOW:HIGH|A,B"))
  var range: [String] = []

  @Option(help: ArgumentHelp("Try every start with these seeds.", valueName: "N,N"))
  var seeds: String?

  @Option(
    help: ArgumentHelp(
      "Try every start with these: default, none, local, paper, an estimator, …, or "
        + "NAME:KEY=VALUE,KEY=VALUE.",
      valueName: "NAME,NAME"))
  var methods = "default"

  @Option(help: ArgumentHelp("Of n trials at a rung, the best n/N go on.", valueName: "N"))
  var eta = 3

  @Option(
    help: ArgumentHelp(
      "Windows up to each rung but the last; the last is the end.", valueName: "N,N"))
  var rungs: String?

  @Flag(help: "Train all trials to the end.")
  var noHalving = false

  @Option(
    help: ArgumentHelp(
      "What the best is judged by.", valueName: "validation-loss|validation-accuracy"))
  var by = "validation-loss"

  func validate() throws {
    try OptionRange.check(trials, "--trials", 1...SearchSettings.mostTrials)
    try OptionRange.check(eta, "--eta", 2...1000)
    if noHalving, rungs != nil { throw ValidationError("--no-halving leaves no --rungs.") }
    try job.check()
    _ = try settings()
  }

  var wantedRanks: Int? { job.ranks }

  func run(on runtime: MessagePassingRuntime) throws {
    let text = job.choice.configurationText(on: runtime.world)
    let (reader, settings) = runtime.world.allOrNone {
      let settings = try self.settings()
      let reader = try startTrials(job, text, on: runtime) {
        try SearchRunner.check(settings, over: $0, groups: job.groups, ranks: $1)
      }
      return (reader, settings)
    }
    try SearchRunner.run(
      settings, over: reader, options: job.options(on: runtime), groups: job.groups,
      world: runtime.world)
  }

  private func settings() throws -> SearchSettings {
    var settings = SearchSettings()
    settings.starts = trials
    settings.ranges = range
    settings.seeds = try seeds.map { try NumberList.read($0, option: "--seeds") } ?? []
    settings.methods = methods
    settings.eta = eta
    settings.rungs = try rungs.map { try NumberList.read($0, option: "--rungs") }
    settings.isHalving = !noHalving
    settings.criterion = by
    return settings
  }
}
