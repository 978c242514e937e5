import Analysis
import ArgumentParser
import MessagePassing
import Presentation

/// `glocal-dist report FOLDER…`.
struct ReportCommand: RankCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make an HTML page with plots and tables of runs, of a search, or of a comparison.",
    discussion: """
      The page is one file that needs nothing else, no network either. Several runs
      are drawn into the same plots. gnuplot draws them (Debian: gnuplot-nox);
      without it the page has the tables alone. What is still on can be looked at, too.
      The folder of a search or a comparison is named alone: its page has all trials,
      who left at which rung, and accuracy with its spread.

      EXAMPLES:
        glocal-dist report runs/mine
        glocal-dist report runs/glocal runs/local --output comparison.html
        glocal-dist report runs/found
      """)

  @Argument(help: ArgumentHelp("The folders of the runs.", valueName: "FOLDER"))
  var folders: [String]

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "The page; report.html in the first folder if not given.", valueName: "FILE"))
  var output: String?

  func run(on runtime: MessagePassingRuntime) throws {
    try onRoot(of: runtime) {
      let report = try FolderReport(of: folders)
      let page = try report.write(to: output)
      try StandardOutput.print((page.notes + [page.path]).joined(separator: "\n"))
    }
  }
}
