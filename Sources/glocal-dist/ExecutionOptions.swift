import ArgumentParser
import Settings

/// On what a command that trains runs, and what it says meanwhile.
struct ExecutionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Start mpirun with N ranks on this machine.", valueName: "N"))
  var ranks: Int?

  @Option(
    help: ArgumentHelp("Column groups x data groups (parallel.grid).", valueName: "CxD|auto"))
  var grid: String?

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  /// Puts the options that stand for a key over the configuration.
  func set(_ reader: inout ConfigurationReader) throws {
    if let grid { try reader.set("parallel.grid", to: grid, option: "--grid") }
  }
}

/// What `run --resume` and `resume` have in common.
enum GoingOn {
  static let forceHelp: ArgumentHelp =
    """
    Go on also with another configuration, other images or changed files, if need be from an older \
    checkpoint or the beginning; what is replaced is kept aside.
    """
}
