import ArgumentParser
import Foundation
import MessagePassing
import Runs
import Verifying

/// `glocal-dist verify [PRESET]`.
struct VerifyCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Hold every estimate against the true global hypergradient.",
    discussion: """
      At some windows of a run the hyperparameters are frozen and the same columns are carried on to
      the end: that is the truth. Every estimator is asked on columns that were reset at the window's
      start, and on columns carried since the run's start with several decays. Results: a table,
      verify.json with all numbers, and verify.svg, drawn by gnuplot. A list of one number ends with a
      comma: --windows 7,

      EXAMPLES:
        glocal-dist verify glyphs --quick --ranks 2
        glocal-dist verify lenet-mnist --data DIR --seeds 3 --windows 6 --horizon 600
        glocal-dist verify glyphs --set method=none --windows 2,5,9 --decays 0.8,0.95
        glocal-dist verify glyphs --windows 1, --horizon 60 --set precision=double
        mpirun -n 8 glocal-dist verify lenet-fashion-mnist --data DIR --output verified
      """)

  @OptionGroup var choice: ConfigurationOptions

  @OptionGroup var data: DataOption

  @Option(
    help: ArgumentHelp(
      "How many windows, spread evenly, or which of them (4).", valueName: "N|LIST"))
  var windows: String?

  @Option(
    help: ArgumentHelp(
      "How many runs, with the seeds 0, 1 and on, or which seeds (that of the configuration).",
      valueName: "N|LIST"))
  var seeds: String?

  @Option(help: ArgumentHelp("Decays of the carried columns, in [0, 1].", valueName: "LIST"))
  var decays = "0.5,0.8,0.9,0.97,1"

  @Option(
    help: ArgumentHelp(
      "Inner steps from a window's start to the truth (to the run's end).", valueName: "N"))
  var horizon: Int?

  @Option(help: ArgumentHelp("Last steps over which the truth is averaged.", valueName: "N"))
  var average = 10

  /// In single precision they show the effect of a move, in double whether the columns are correct.
  @Option(
    help: ArgumentHelp(
      "Windows of a run with finite differences as a spot check.", valueName: "N"))
  var differences = 1

  @Option(
    help: ArgumentHelp(
      "How far a raw hyperparameter is moved for them (0.1, in double 1e-9).", valueName: "STEP"))
  var differenceStep: Double?

  @Flag(
    help: """
      Minutes on two cores: at most 12 windows, 3 of them verified, 6 windows' horizon, 2 seeds.
      """)
  var quick = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Folder for the results.", valueName: "DIR"))
  var output: String?

  @OptionGroup var execution: ExecutionOptions

  func validate() throws {
    try OptionRange.check(horizon, "--horizon", OptionRange.counts)
    try OptionRange.check(average, "--average", OptionRange.counts)
    try OptionRange.check(differences, "--differences", 0...OptionRange.counts.upperBound)
    try OptionRange.check(differenceStep, "--difference-step", above0UpTo: 1000)
    _ = try request()
  }

  var wantedRanks: Int? { execution.ranks }

  func run(on runtime: MessagePassingRuntime) throws {
    let world = runtime.world
    let text = choice.configurationText(on: world)
    let configuration = world.allOrNone {
      var reader = try choice.reader(with: text)
      try execution.set(&reader)
      let configuration = try reader.checked()
      try startRanks(configuration, text, on: runtime) {
        try LaunchCheck.run(configuration, ranks: $0, verifies: true)
      }
      return configuration
    }
    try VerificationRunner.run(
      try request(), configuration: configuration,
      options: RunOptions(
        data: data.folder(ProcessInfo.processInfo.environment), output: output,
        quiet: execution.quiet, preset: choice.preset, messagePassing: runtime.facts.library),
      world: world)
  }

  private func request() throws -> VerificationRequest {
    VerificationRequest(
      windows: try windows.map { text in
        let numbers = try Self.list(text, "--windows", example: "4 or 2,5,9") { Int($0) }
        for number in numbers { try OptionRange.check(number, "--windows", OptionRange.counts) }
        return text.contains(",") ? .listed(numbers) : .spread(numbers[0])
      },
      seeds: try seeds.map { text in
        let numbers = try Self.list(text, "--seeds", example: "3 or 0,1,2") { UInt64($0) }
        if text.contains(",") { return numbers }
        try OptionRange.check(numbers[0], "--seeds", 1...Self.mostSeeds)
        return Array(0..<numbers[0])
      },
      decays: try Self.list(decays, "--decays", example: "0.5,0.9,remaining") {
        VerificationRequest.family($0)
      },
      horizon: horizon, average: average, differences: differences,
      differenceStep: differenceStep, isQuick: quick)
  }

  /// The maximum number of runs in one verification.
  private static let mostSeeds: UInt64 = 1000

  private static func list<Number>(
    _ text: String, _ option: String, example: String, _ read: (String) -> Number?
  ) throws -> [Number] {
    let words = text.split(separator: ",").map(String.init)
    let numbers = words.compactMap(read)
    guard !numbers.isEmpty, numbers.count == words.count else {
      throw ValidationError("\(option) is a list such as \(example); not \(text).")
    }
    return numbers
  }
}
