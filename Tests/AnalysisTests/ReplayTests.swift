import DynamicModes
import Foundation
import TestSupport
import Testing

@testable import Analysis
@testable import Storage

@Suite struct ReplayReadsTrajectories {
  @Test("a grid of 100 settings over 400 windows takes seconds")
  func isFast() throws {
    let run = try MadeUpRun(windows: 400, observed: 30)
    let start = clock()
    var replay = try Replay(
      of: run.path,
      ReplayGrid.Lists(
        observed: ["15", "20", "25", "30"], stacks: ["4", "6", "8", "10", "12"],
        tolerance: ["0.01", "0.02", "0.05", "0.1", "0.2"], estimator: ["all"]), output: nil)
    let lines = try replay.run()
    // Seconds of the processor, so that what else the machine does is no failure.
    let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    #expect(lines.count { $0.contains("energy 0.9999") } == 500, "\(lines.prefix(3))")
    #expect(seconds <= 10)
  }

  @Test("with 385 hyperparameters, into a file of either form", arguments: ["csv", "jsonl"])
  func manyHyperparameters(form: String) throws {
    let run = try MadeUpRun(windows: 3, observed: 20, q: 385)
    let output = "\(run.path)/answers.\(form)"
    var replay = try Replay(
      of: run.path, ReplayGrid.Lists(stacks: ["5", "10"], rank: ["energy 0.99", "full"]),
      output: output)
    let table = try replay.run()
    #expect(table.contains { $0.contains("of 385") })
    let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
    switch form {
    case "csv":
      #expect(lines.count == 1 + 3 * 4)
      // 15 columns of facts; a reason in quotes may hold commas.
      #expect(lines[0].split(separator: ",").count == 15 + 385)
    default:
      let values = try lines.map { try JSONValue(parsing: $0.utf8) }
      #expect(
        values.compactMap { $0["estimate"]?.array?.count } == Array(repeating: 385, count: 12))
      #expect(values.compactMap { $0["window"]?.int }.last == 3)
    }
  }

  @Test("tolerances that share their modes give what each gives alone")
  func toleranceByTolerance() throws {
    let trajectory = (0..<60).map { sin(Double($0 * $0)) + 1 }
    let settings = DynamicModeSettings(stacks: 5)
    let tolerances = [0.001, 0.05, 0.3]
    let together = estimateSteadyStates(
      trajectory: trajectory, steps: 20, hyperparameters: 3, settings: settings,
      tolerances: tolerances, horizon: 100)
    for (tolerance, state) in zip(tolerances, together) {
      var own = settings
      own.tolerance = tolerance
      for estimator in Estimator.allCases {
        let alone = estimateSteadyState(
          trajectory: trajectory, steps: 20, hyperparameters: 3, requested: estimator,
          settings: own, horizon: 100)
        #expect(state.requesting(estimator) == alone, "\(estimator) at \(tolerance)")
      }
    }
    // The tolerances are told apart at all.
    #expect(together[0].estimate != together[2].estimate)
  }
}

@Suite struct ReplayRefusals {
  /// The sentence that a replay ends with; empty where it does not.
  private func refusal(
    of run: MadeUpRun, _ lists: ReplayGrid.Lists = ReplayGrid.Lists(), output: String? = nil
  ) -> String {
    do {
      var replay = try Replay(of: run.path, lists, output: output)
      _ = try replay.run()
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func moreStepsThanRecorded() throws {
    let run = try MadeUpRun(windows: 2, observed: 20)
    let sentence = refusal(of: run, ReplayGrid.Lists(observed: ["15", "31"]))
    #expect(sentence.contains("20 recorded steps, but 31 are to be observed"))
  }

  @Test(
    "damaged lines are named by file and line",
    arguments: [
      (3, "{\"window\":1,\"step\":33,\"h\":[1,2", "is not JSON"),
      (4, "{\"window\":1,\"step\":34}", "has no \"h\""),
      (5, "{\"window\":1,\"step\":35,\"h\":[1,2]}", "2 hypergradients"),
      (6, "{\"window\":1,\"step\":40,\"h\":[1,2,3]}", "lines are missing"),
      (41, "{\"window\":1,\"step\":51,\"h\":[1,2,3]}", "is in order"),
      (7, "{\"window\":1,\"step\":37,\"h\":[1,\"2\",3]}", "has no \"h\""),
      (1, "[1]", "has no \"h\""),
    ])
  func damagedLine(number: Int, text: String, words: String) throws {
    let run = try MadeUpRun(windows: 2, observed: 20)
    var lines = try run.lines(.trajectory)
    if number <= lines.count { lines[number - 1] = text } else { lines.append(text) }
    try run.write(lines, .trajectory)
    let sentence = refusal(of: run)
    #expect(sentence.hasPrefix("\(run.file(.trajectory)):\(number): "), "\(sentence)")
    #expect(sentence.contains(words), "\(sentence)")
  }

  @Test func aLastLineThatIsCutShort() throws {
    let run = try MadeUpRun(windows: 2, observed: 20)
    let whole = try String(contentsOfFile: run.file(.trajectory), encoding: .utf8)
    try String(whole.dropLast(9)).write(
      toFile: run.file(.trajectory), atomically: true, encoding: .utf8)
    let sentence = refusal(of: run)
    #expect(sentence.hasPrefix("\(run.file(.trajectory)):40: is cut short"))
    #expect(sentence.contains("glocal-dist resume"))
  }

  @Test func nothingRecorded() throws {
    let run = try MadeUpRun(windows: 2, observed: 20)
    try Data().write(to: URL(fileURLWithPath: run.file(.trajectory)))
    #expect(refusal(of: run).contains("holds no hypergradients"))
    try FileManager.default.removeItem(atPath: run.file(.trajectory))
    #expect(refusal(of: run).contains("does not exist"))
  }

  @Test("values that are not legal, and files of the run itself")
  func illegalValues() throws {
    let run = try MadeUpRun(windows: 2, observed: 20)
    #expect(
      refusal(of: run, ReplayGrid.Lists(tolerance: ["0.1", "2"])).hasPrefix(
        "--tolerance 2: dmd.tolerance: must be"))
    #expect(refusal(of: run, ReplayGrid.Lists(rank: ["energie 0.9"])).contains("--rank"))
    #expect(refusal(of: run, ReplayGrid.Lists(estimator: ["dmdd"])).contains("Did you mean dmd?"))
    #expect(
      refusal(of: run, ReplayGrid.Lists(stacks: ["19"], estimator: ["dmd"])).contains(
        "too few for 19 stacks"))
    let trajectory = run.file(.trajectory)
    #expect(refusal(of: run, output: trajectory).contains("nothing of a run is overwritten"))
    #expect(refusal(of: run, output: "\(run.path)/out.txt").contains("must end in .csv or .jsonl"))
    #expect(try run.lines(.trajectory).count == 40)
  }

  @Test("combinations that make no sense are counted and left out")
  func leftOut() throws {
    let run = try MadeUpRun(windows: 2, observed: 20)
    var replay = try Replay(
      of: run.path,
      ReplayGrid.Lists(observed: ["8", "20"], stacks: ["5", "10"], estimator: ["dmd"]), output: nil)
    let lines = try replay.run()
    #expect(lines[2].hasPrefix("1 combinations left out: 8 observed steps are too few"))
    #expect(lines.count { $0.contains("energy 0.9999") } == 3)
  }
}
