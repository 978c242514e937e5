import ArgumentParser
import Settings

/// The options of training commands for their resources and output.
struct ExecutionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Start mpirun with N ranks on this machine.", valueName: "N"))
  var ranks: Int?

  @Option(
    help: ArgumentHelp("Column groups x data groups (parallel.grid).", valueName: "CxD|auto"))
  var grid: String?

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  /// Applies the options that correspond to keys on top of the configuration.
  func set(_ reader: inout ConfigurationReader) throws {
    if let grid { try reader.set("parallel.grid", to: grid, option: "--grid") }
  }
}

/// The help text shared by `run --resume` and `resume`.
enum GoingOn {
  static let forceHelp: ArgumentHelp =
    """
    Go on also with another configuration, other images or changed files, if need be from an older \
    checkpoint or the beginning; what is replaced is kept aside.
    """
}
