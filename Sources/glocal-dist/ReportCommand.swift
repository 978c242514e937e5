import ArgumentParser
import Experiments
import MessagePassing

/// `glocal-dist report RUN…`.
struct ReportCommand: RankCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make an HTML page with plots and tables of one run or several.",
    discussion: """
      The page is one file that needs nothing else, no network either. Several runs
      are drawn into the same plots. gnuplot draws them (Debian: gnuplot-nox);
      without it the page has the tables alone. A run that is still on can be looked
      at, too.

      EXAMPLES:
        glocal-dist report runs/mine
        glocal-dist report runs/glocal runs/local --output comparison.html
      """)

  @Argument(help: ArgumentHelp("The folders of the runs.", valueName: "RUN"))
  var folders: [String]

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "The page; RUN/report.html, of the first run, if not given.", valueName: "FILE"))
  var output: String?

  func run(on runtime: MessagePassingRuntime) throws {
    try onRoot(of: runtime) {
      let report = try RunReport(of: folders)
      let page = try report.write(to: output)
      try StandardOutput.print((page.notes + [page.path]).joined(separator: "\n"))
    }
  }
}
