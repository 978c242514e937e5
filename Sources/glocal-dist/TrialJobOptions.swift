import ArgumentParser
import Foundation
import MessagePassing
import Runs
import Settings

/// The options of commands that train many trials on groups of ranks.
struct TrialJobOptions: ParsableArguments {
  @OptionGroup var choice: ConfigurationOptions

  @OptionGroup var data: DataOption

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Folder for the results; must not hold any.", valueName: "DIR"))
  var output: String?

  @Option(help: ArgumentHelp("Start mpirun with N ranks on this machine.", valueName: "N"))
  var ranks: Int?

  @Option(
    help: ArgumentHelp(
      "Groups of ranks, each with a trial; without it, as many in every round as there are trials for.",
      valueName: "G"))
  var groups: Int?

  @Flag(help: "Go on with what is in --output, if anything is there already.")
  var resume = false

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  /// - Throws: `ValidationError` if options conflict.
  func check() throws {
    if resume, output == nil {
      throw ValidationError("--resume needs --output: the folder to go on in.")
    }
    try OptionRange.check(groups, "--groups", 1...Configuration.Parallel.mostRanks)
  }

  /// The options that do not affect numerical results.
  func options(on runtime: MessagePassingRuntime) -> RunOptions {
    RunOptions(
      data: data.folder(ProcessInfo.processInfo.environment), output: output,
      start: resume ? .resumeIfThere(force: false) : .new, quiet: quiet, preset: choice.preset,
      messagePassing: runtime.facts.library)
  }
}

extension TrainingCommand {
  /// The configuration shared by all trials; starts the requested ranks.
  ///
  /// Sums are reproducible whatever the preset says: trials must not depend on the number of ranks.
  ///
  /// - Parameter check: checks that can be made before the ranks exist.
  /// - Throws: `ConfigurationError`, `RunError`, `LaunchError`
  func startTrials(
    _ job: TrialJobOptions, _ text: ConfigurationText?, on runtime: MessagePassingRuntime,
    check: (_ reader: ConfigurationReader, _ ranks: Int) throws -> Void
  ) throws -> ConfigurationReader {
    let reader = try job.choice.reader(with: text) { $0.parallel.sums = .reproducible }
    try startRanks(try reader.checked(), text, on: runtime) { try check(reader, $0) }
    return reader
  }
}

/// Comma-separated numbers, as in `--seeds 0,1,2`.
enum NumberList {
  /// Parses at least one number.
  ///
  /// - Throws: `ValidationError` naming the option.
  static func read<Number: LosslessStringConvertible & Hashable>(
    _ text: String, option: String
  ) throws -> [Number] {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Number(String($0))
    }
    let known = numbers.compactMap { $0 }
    guard known.count == numbers.count, Set(known).count == known.count else {
      throw ValidationError(
        "\(option) must be different numbers with commas between them, such as 1,2,3; not \(text).")
    }
    return known
  }
}
