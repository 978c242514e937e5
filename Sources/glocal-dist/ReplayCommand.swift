import Analysis
import ArgumentParser
import MessagePassing
import Presentation

/// `glocal-dist replay RUN`.
struct ReplayCommand: RankCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Read the limits of a recorded run again with other settings, without training.",
    discussion: """
      Takes the local hypergradients in RUN/trajectory.jsonl and tries every
      combination of the lists. Commas separate the values, which are those of the
      configuration's keys; what is not given stays as it was in the run. A window
      can be read with fewer observed steps than were recorded, not with more.

      EXAMPLES:
        glocal-dist replay runs/mine --estimator all
        glocal-dist replay runs/mine --observed 15,20 --tolerance 0.01,0.05,0.1
        glocal-dist replay runs/mine --rank "full,fixed 3" --output replay.csv
      """)

  @Argument(help: ArgumentHelp("The folder of the run.", valueName: "RUN"))
  var folder: String

  @Option(help: ArgumentHelp("Values of window.observed.", valueName: "LIST"))
  var observed = ""

  @Option(help: ArgumentHelp("Values of dmd.stacks.", valueName: "LIST"))
  var stacks = ""

  @Option(help: ArgumentHelp("Values of dmd.rank.", valueName: "LIST"))
  var rank = ""

  @Option(help: ArgumentHelp("Values of dmd.tolerance.", valueName: "LIST"))
  var tolerance = ""

  @Option(help: ArgumentHelp("Values of estimator, or all.", valueName: "LIST"))
  var estimator = ""

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "A file with a line for each window, setting and estimator: .csv or .jsonl.",
      valueName: "FILE"))
  var output: String?

  func run(on runtime: MessagePassingRuntime) throws {
    let lists = ReplayGrid.Lists(
      observed: Self.values(observed), stacks: Self.values(stacks), rank: Self.values(rank),
      tolerance: Self.values(tolerance), estimator: Self.values(estimator))
    try onRoot(of: runtime) {
      var replay = try Replay(of: folder, lists, output: output)
      try StandardOutput.print(try replay.run().joined(separator: "\n"))
    }
  }

  private static func values(_ list: String) -> [String] {
    list.split(separator: ",").map { String($0.trimmingPrefix { $0 == " " }) }
  }
}
