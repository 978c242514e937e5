import Foundation
import TestSupport
import Testing

extension ProgramTests {
  /// Numbers on the command line that no machine has room for.
  @Suite("Numbers") struct Numbers {
    @Test(
      "are refused at once where they are read, with their bounds",
      arguments: [
        (["search", "--trials", "9223372036854775807"], "--trials must be from 1 to 10000"),
        (["search", "--trials", "4294967296"], "--trials must be from 1 to 10000"),
        (["search", "--trials", "0"], "--trials must be from 1 to 10000"),
        (["search", "--eta", "9223372036854775807"], "--eta must be from 2 to 1000"),
        (["search", "--eta", "1"], "--eta must be from 2 to 1000"),
        (["search", "--groups", "9223372036854775807"], "--groups must be from 1 to 1000000"),
        (["search", "--ranks", "2147483648"], "--ranks must be from 1 to 1000000"),
        (["compare", "--groups=-1"], "--groups must be from 1 to 1000000"),
        (["plan", "--memory", "1e10"], "--memory must be above 0, at most 1000000"),
        (["plan", "--memory", "nan"], "--memory must be above 0, at most 1000000"),
        (["plan", "--memory", "0"], "--memory must be above 0, at most 1000000"),
        (["plan", "--nodes", "4294967296"], "--nodes must be from 1 to 1000000"),
        (["plan", "--ranks-per-node", "4294967296"], "--ranks-per-node must be from 1 to 1000000"),
        (["plan", "--nodes", "1001", "--ranks-per-node", "1000"], "are 1001000 ranks"),
        (["plan", "--network", "1e308,1"], "--network is two numbers"),
        (["plan", "--network", "1,inf"], "--network is two numbers"),
        (["doctor", "--ranks", "1000000000000"], "--ranks must be from 1 to 1000000"),
        (["run", "--ranks", "2147483648"], "--ranks must be from 1 to 1000000"),
        (["run", "--ranks=-1"], "--ranks must be from 1 to 1000000"),
        (["compare", "--range", "learning-rate=1:inf"], "an interval goes from a number above 0"),
        (["run", "--grid", "4294967296x1"], "--grid 4294967296x1: parallel.grid: must be auto or"),
        (["verify", "--windows", "9223372036854775807"], "--windows must be from 1 to 1000000000"),
        (["verify", "--windows", "1,0"], "--windows must be from 1 to 1000000000"),
        (["verify", "--seeds", "18446744073709551615"], "--seeds must be from 1 to 1000"),
        (["verify", "--seeds", "0"], "--seeds must be from 1 to 1000"),
        (["verify", "--horizon", "9223372036854775807"], "--horizon must be from 1"),
        (["verify", "--average", "9223372036854775807"], "--average must be from 1"),
        (["verify", "--differences=-1"], "--differences must be from 0"),
        (["verify", "--difference-step", "1e308"], "--difference-step must be above 0"),
        (["verify", "--difference-step", "nan"], "--difference-step must be above 0"),
      ] as [([String], String)])
    func bounds(arguments: [String], words: String) throws {
      let result = try ProgramUnderTest.run(arguments)
      #expect(result.exitCode == 64, "\(result.errors)")
      #expect(result.output.isEmpty && result.errors.contains(words), "\(result.errors)")
      #expect(result.seconds <= 20)
    }

    @Test(
      "what there is no work for is refused before any rank is started",
      arguments: [
        (["run", "--ranks", "25"], "Start 24 ranks"),
        (["run", "--ranks", "9", "--set", "hyperparameters.momentum.tuned=false"], "Start 8 ranks")
          as ([String], String),
        (["verify", "--ranks", "25"], "Start 24 ranks"), (["run", "--ranks", "100000"], "GB on"),
        (["search", "--ranks", "60", "--trials", "2"], "2 trial(s) keep at most 48 of them busy"),
        (["compare", "--ranks", "100000"], "GB on"),
        (["search", "--ranks", "4", "--groups", "3"], "choose one of 1, 2, 4"),
        (["compare", "--ranks", "4", "--groups", "3"], "choose one of 1, 2, 4"),
        (["search", "--ranks", "2", "--range", "seed=1:0"], "--range seed=1:0"),
        (["plan", "--nodes", "1000000"], "Start 24 ranks"),
        (
          ["run", "--ranks", "2", "--grid", "1x2", "--set", "parallel.shard=200"],
          "more data groups"
        ),
      ] as [([String], String)])
    func work(arguments: [String], words: String) throws {
      // No mpirun to be found: none can have been started.
      let result = try ProgramUnderTest.run(arguments, environment: ["PATH": "/nowhere"])
      #expect(result.exitCode == 64, "\(result.errors)")
      #expect(result.errors.contains(words), "\(result.errors)")
      #expect(result.errors.filter { $0 == "\n" }.count == 1, "\(result.errors)")
      #expect(result.seconds <= 20)
    }

    @Test("more trials than a search may have are counted, not made")
    func product() throws {
      let seeds = (0..<200).map(String.init).joined(separator: ",")
      let rates = (1...200).map { "0.\($0)1" }.joined(separator: ",")
      let result = try ProgramUnderTest.run([
        "search", "--seeds", seeds, "--range", "learning-rate=\(rates)",
      ])
      #expect(result.exitCode == 64)
      #expect(result.errors.contains("trials: take at most 10000."), "\(result.errors)")
    }
  }
}
