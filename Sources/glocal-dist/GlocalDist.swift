import ArgumentParser
import Runs

/// The command line; `run` is the default subcommand.
struct GlocalDist: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "glocal-dist",
    abstract: "Tunes hyperparameters by hypergradients while a network trains, on MPI ranks.",
    discussion: """
      EXAMPLES:
        glocal-dist --ranks 8
        mpirun -n 8 glocal-dist lenet-mnist --data DIR
        glocal-dist presets lenet-mnist > mine.yaml
        glocal-dist run --config mine.yaml --set inner.steps=4000
        glocal-dist resume results
        glocal-dist verify glyphs --quick
        glocal-dist report results
        glocal-dist doctor
      """,
    // Replaced by a text of several lines: see VersionReport.
    version: programVersion,
    subcommands: [
      RunCommand.self, ResumeCommand.self, SearchCommand.self, CompareCommand.self,
      PlanCommand.self, VerifyCommand.self, ReplayCommand.self, ReportCommand.self,
      ExportCommand.self, PresetsCommand.self,
      DoctorCommand.self,
    ],
    defaultSubcommand: RunCommand.self)
}

/// The folder with data sets, an option of several commands.
struct DataOption: ParsableArguments {
  @Option(
    name: .customLong("data"),
    help: ArgumentHelp(
      "Folder with one subfolder per data set; GLOCAL_DATA if not given.", valueName: "DIR"))
  var given: String?

  /// The option's value, or else the environment variable's.
  func folder(_ environment: [String: String]) -> String? {
    given ?? environment["GLOCAL_DATA"].flatMap { $0.isEmpty ? nil : $0 }
  }
}
