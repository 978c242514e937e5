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

      With --strategy pbt (population-based training) no trial is left early: every
      N windows each of the worst fifth takes over the whole state of one of the
      best fifth, and goes on with other hyperparameters, 0.8 or 1.2 times those.

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
        glocal-dist search glyphs --strategy pbt --trials 10 --every 2 --methods none
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

  @Option(
    help: ArgumentHelp(
      "What becomes of weak trials: they are left early (halving), train to the end (all), or take "
        + "over the best (pbt). Without it: halving.",
      valueName: "halving|all|pbt"))
  var strategy: SearchStrategy?

  @Option(help: ArgumentHelp("Of n trials at a rung, the best n/N go on (3).", valueName: "N"))
  var eta: Int?

  @Option(
    help: ArgumentHelp(
      "Windows up to each rung but the last; the last is the end.", valueName: "N,N"))
  var rungs: String?

  @Option(
    help: ArgumentHelp(
      "With --strategy pbt: windows from one take-over to the next (a tenth of the training).",
      valueName: "N"))
  var every: Int?

  @Flag(help: "The same as --strategy all.")
  var noHalving = false

  @Option(
    help: ArgumentHelp(
      "What the best is judged by.", valueName: "validation-loss|validation-accuracy"))
  var by = "validation-loss"

  func validate() throws {
    try OptionRange.check(trials, "--trials", 1...SearchSettings.mostTrials)
    try OptionRange.check(eta, "--eta", 2...1000)
    try OptionRange.check(every, "--every", OptionRange.counts)
    if noHalving, rungs != nil { throw ValidationError("--no-halving leaves no --rungs.") }
    try checkStrategy()
    try job.check()
    _ = try settings()
  }

  /// Refuses options that another strategy has.
  private func checkStrategy() throws {
    if noHalving, let strategy, strategy != .all {
      throw ValidationError(
        "--no-halving is --strategy all, and --strategy \(strategy.rawValue) is given too: leave one "
          + "of them out.")
    }
    if every != nil, strategy != .pbt {
      throw ValidationError("--every belongs to --strategy pbt: leave it out, or add that.")
    }
    if strategy == .all, rungs != nil {
      throw ValidationError("--strategy all leaves no --rungs.")
    }
    if strategy == .pbt, rungs != nil {
      throw ValidationError("--strategy pbt has no --rungs: say --every N, in windows.")
    }
    if strategy == .pbt, eta != nil {
      throw ValidationError(
        "--strategy pbt has no --eta: the worst fifth take over the best fifth.")
    }
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
    if let eta { settings.eta = eta }
    settings.rungs = try rungs.map { try NumberList.read($0, option: "--rungs") }
    settings.strategy = noHalving ? .all : strategy ?? .halving
    settings.every = every
    settings.criterion = by
    return settings
  }
}

extension SearchStrategy: ExpressibleByArgument {}
