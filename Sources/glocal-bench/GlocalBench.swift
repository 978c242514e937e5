import ArgumentParser

/// The command line of the benchmarks.
struct GlocalBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "glocal-bench",
    abstract: "Times the work of glocal-dist and prints one JSON object per result.",
    discussion: """
      Seconds are those of the fastest of several runs; one thread a rank.

      EXAMPLES:
        glocal-bench lenet plain
        glocal-bench wrn-16-2 columns
        glocal-bench kernels
        mpirun -n 2 glocal-bench window
        glocal-bench window wrn16-1 --window 14 --observed 12
        glocal-bench memory --windows 200
      """,
    subcommands: [PartCommand.self, KernelsCommand.self, WindowCommand.self, MemoryCommand.self],
    defaultSubcommand: PartCommand.self)
}

/// The network argument of a case.
struct NetworkArgument: ParsableArguments {
  @Argument(help: help())
  var network: BenchedNetwork

  /// Help on network names.
  static func help(_ more: String = "") -> ArgumentHelp {
    ArgumentHelp("lenet, or wrn-DEPTH-WIDTH such as wrn-16-2\(more).", valueName: "network")
  }
}

/// The option `--repeats` of all timed cases.
struct RepeatsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take the fastest of N runs; without it, of as many as fit into two seconds.",
      valueName: "N"))
  var repeats: Int?

  func validate() throws {
    if let repeats { try requirePositive(repeats, "--repeats") }
  }

  /// The number or duration of repetitions.
  var repetition: Repetition { repeats.map { .count($0) } ?? .seconds(2) }
}

/// Rejects an option's number below 1.
func requirePositive(_ number: Int, _ option: String) throws {
  if number < 1 { throw ValidationError("\(option) must be at least 1, not \(number).") }
}
