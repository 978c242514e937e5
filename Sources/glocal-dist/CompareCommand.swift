import ArgumentParser
import MessagePassing
import Runs
import Trials

/// `glocal-dist compare PRESET`.
struct CompareCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare methods on one problem, at equal steps and equal compute.",
    discussion: """
      Methods: default (the preset's own) and none; as in the paper, with tangents
      reset and Adam: paper, local, glocal, global, global-restart, truncated-global
      or an estimator's name (glocal with it); and the baselines best-constant and best-cosine (the
      learning rate of a sweep that is best on the validation set, without tuning)
      and random-search (with successive halving, at equal compute alone).
      NAME:KEY=VALUE,KEY=VALUE compares settings of your own.

      At equal compute every method may spend the passes over a minibatch that the
      reference costs: a training gets more steps or fewer, the runs of a sweep
      share the budget, random search gets more trials.

      EXAMPLES:
        glocal-dist compare glyphs --ranks 8 --methods none,local,default \
          --seeds 0,1,2
        glocal-dist compare lenet-fashion-mnist --data DIR --seeds 0,1,2 \
          --starts learning-rate=0.001,0.01,0.1 --output compared
        glocal-dist compare glyphs \
          --methods none,paper,mine:window.carry=0.9,estimator=tail-mean
      """)

  @OptionGroup var job: TrialJobOptions

  @Option(help: ArgumentHelp("What to compare.", valueName: "NAME,NAME"))
  var methods = ComparisonSettings().methods

  @Option(help: ArgumentHelp("Train everything with these seeds.", valueName: "N,N"))
  var seeds: String?

  @Option(
    help: ArgumentHelp(
      "Repeat everything from each of these starts; repeatable.", valueName: "NAME=A,B"))
  var starts: [String] = []

  @Option(
    help: ArgumentHelp(
      "The learning rates of best-constant and best-cosine "
        + "(0.001,0.003,0.01,0.03,0.1,0.3).",
      valueName: "A,B"))
  var sweep: String?

  @Option(
    help: ArgumentHelp(
      "What random-search draws from; repeatable. Without any: learning-rate=0.001:0.3.",
      valueName: "NAME=LOW:HIGH"))
  var range: [String] = []

  @Option(
    help: ArgumentHelp(
      "The method whose cost all others may spend; default, or else the first that tunes.",
      valueName: "NAME"))
  var reference: String?

  @Option(
    help: ArgumentHelp("What all methods have alike (both).", valueName: "steps|compute"))
  var budget: Budget?

  func validate() throws {
    try job.check()
    _ = try settings()
  }

  var wantedRanks: Int? { job.ranks }

  func run(on runtime: MessagePassingRuntime) throws {
    let text = job.choice.configurationText(on: runtime.world)
    let (reader, settings) = runtime.world.allOrNone {
      let reader = try startTrials(job, text, on: runtime) { _, ranks in
        try LaunchCheck.memory(ranks: ranks)
        try LaunchCheck.groups(job.groups, ranks: ranks)
      }
      return (reader, try self.settings())
    }
    try ComparisonRunner.run(
      settings, over: reader, options: job.options(on: runtime), groups: job.groups,
      world: runtime.world)
  }

  private func settings() throws -> ComparisonSettings {
    var settings = ComparisonSettings()
    settings.methods = methods
    settings.seeds = try seeds.map { try NumberList.read($0, option: "--seeds") } ?? []
    settings.starts = starts
    settings.ranges = range
    settings.reference = reference
    if let budget { settings.budgets = [budget] }
    if let sweep { settings.sweep = try NumberList.read(sweep, option: "--sweep") }
    return settings
  }
}

extension Budget: ExpressibleByArgument {}
