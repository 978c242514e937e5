import Foundation
import Hypergradients
import MessagePassing
import TestSupport
import Testing

@testable import Runs
@testable import Settings
@testable import Storage

@Suite("Planning") struct PlanTests {
  /// A gradient takes 1, a tangent 2, a validation shard 3, an update 0.5, a vector 0.25 within a host
  /// and 1 between hosts.
  static let rates = MachineRates(
    gradient: 1, tangent: 2, validation: 3, update: 0.5, local: 0.25, remote: 1,
    localLatency: 0.125, remoteLatency: 0.5)

  static let work = WindowWork(
    hyperparameters: 5, shards: 8, steps: 10, observed: 4, validationShards: 9,
    modes: [.forward, .reverse])

  private func seconds(
    _ columns: Int, _ data: Int, _ mode: DifferentiationMode, ranksPerNode: Int,
    recomputes: Bool = false
  ) -> WindowModel.Seconds {
    var work = Self.work
    work.recomputes = recomputes
    return WindowModel(work, Self.rates, hosts: HostLayout(ranksPerNode: ranksPerNode))
      .seconds(GridChoice(columns: columns, data: data, mode: mode))
  }

  @Test("one rank communicates with nobody")
  func single() {
    let forward = seconds(1, 1, .forward, ranksPerNode: 1)
    // Ten steps of eight shards with five tangents each; six vectors to update.
    #expect(forward.training == Self.steps(10, shards: 8, tangents: 5, updates: 6))
    #expect(forward.validation == 108 && forward.communication == 0)
    let reverse = seconds(1, 1, .reverse, ranksPerNode: 1)
    // Ways back from steps 10, 9, 8 and 7: 34 tangents.
    let back = Self.steps(34, shards: 8, tangents: 1, updates: 2) - 34 * 8.0
    #expect(reverse.training == Self.steps(20, shards: 8, tangents: 0, updates: 1) + back)
    let twice = seconds(1, 1, .reverse, ranksPerNode: 1, recomputes: true)
    #expect(twice.training - reverse.training == 85.0)
  }

  @Test("groups of columns and of data share the work")
  func shared() {
    // Three columns at most, four shards; sums over two ranks of a host.
    let local = seconds(2, 2, .forward, ranksPerNode: 4)
    #expect(local.training == Self.steps(10, shards: 4, tangents: 3, updates: 4))
    #expect(local.validation == 36)
    // Four vectors of 0.25 over two ranks, ten times; one over four ranks, four times.
    let gradients: Double = 20 * (0.5 + 0.125)
    let validations: Double = 8 * (0.1875 + 0.375)
    #expect(abs(local.communication - gradients - validations) <= 1e-12)
    // Adjoints of steps 10 and 8 on one group, of 9 and 7 on the other.
    let half = seconds(2, 1, .reverse, ranksPerNode: 2).training
    #expect(half == 170.0 + 18.0 * 17.0)
  }

  @Test(
    "a cable between hosts is shared by what ranks send to each, and by no ring",
    arguments: [(SummationMode.reproducible, 2.0), (.allreduce, 0.875)])
  func cables(sums: SummationMode, first: Double) {
    let model = WindowModel(
      Self.work, Self.rates, hosts: HostLayout(ranksPerNode: 4), sums: sums)
    let seconds = model.seconds(GridChoice(columns: 1, data: 8, mode: .forward))
    // Six vectors over eight ranks, ten times; one of them, four times. Reproducible: each of the four
    // ranks of a host sends half of its vector to the other one, then 7/8 go round the ring.
    let latencies: Double = 7 * 0.5
    let gradients: Double = 10 * (6 * (first + 0.875) + 2 * latencies)
    let validations: Double = 4 * (first + 0.875 + 2 * latencies)
    #expect(abs(seconds.communication - gradients - validations) <= 1e-12)
  }

  @Test("a ring is as slow as its slowest pair of neighbours")
  func neighbours() {
    var rates = Self.rates
    (rates.remote, rates.remoteLatency) = (0.125, 0)
    rates.localLatency = 0
    func communication(ranksPerNode: Int) -> Double {
      WindowModel(Self.work, rates, hosts: HostLayout(ranksPerNode: ranksPerNode), sums: .allreduce)
        .seconds(GridChoice(columns: 1, data: 8, mode: .forward)).communication
    }
    // Ten sums of six vectors and four of one, 7/8 of them twice round the ring.
    let numbers: Double = 64 * 2 * 0.875
    #expect(communication(ranksPerNode: 4) == numbers * 0.25)
    #expect(communication(ranksPerNode: 1) == numbers * 0.125)
  }

  @Test("rates measured once plan again, but not for another network")
  func rates() throws {
    let folder = try TemporaryFolder()
    let cluster = Plan.Cluster(nodes: 1, ranksPerNode: 2, bandwidth: 1e9, latency: 1e-5)
    let rates = ComputeRates(
      gradient: 0.5, tangent: 1, validation: 0.25, update: 0.125, parameterCount: 15386, shard: 16)
    let plan = try Plan(Preset.glyphs.configuration, on: cluster, rates: rates)
    #expect(plan.rates == rates)
    let path = folder.path("rates.json")
    try plan.json.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try ComputeRates(file: path) == rates)
    var other = Preset.glyphs.configuration
    other.parallel.shard = 32
    #expect(throws: RunError.self) { try Plan(other, on: cluster, rates: rates) }
    other = Preset.glyphs.configuration
    other.parallel.grid = .fixed(columns: 3, data: 4)
    #expect(throws: RunError.self) { try Plan(other, on: cluster, rates: rates) }
    try "{}".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: RunError.self) { try ComputeRates(file: path) }
    #expect(throws: RunError.self) { try ComputeRates(file: folder.path("nowhere")) }
  }

  @Test("what was told wrong ends every rank with one sentence and 64", arguments: [nil, 3])
  func refused(ranks: Int?) throws {
    for (options, words) in [
      (
        ["--rates", "/nowhere.json"],
        "/nowhere.json: no such file. Check the path given to --rates."
      ),
      (["--set", "inner.stepz=3"], "Did you mean inner.steps?"),
    ] {
      let run = try ProgramUnderTest.run(["plan", "glyphs"] + options, ranks: ranks)
      #expect(run.exitCode == 64 && run.errorLines.count == 1, "\(run.errors)")
      #expect(run.errors.contains(words), "\(run.errors)")
    }
  }

  /// Steps of some shards with a gradient and tangents each, and updates of vectors.
  private static func steps(
    _ count: Double, shards: Double, tangents: Double, updates: Double
  ) -> Double {
    let passes: Double = shards * (1 + 2 * tangents)
    return count * (passes + 0.5 * updates)
  }

  @Test("grids without work for all are left out")
  func possible() {
    let choices = GridChoice.possible(.auto, ranks: 16, work: Self.work)
    #expect(
      Set(choices.map { "\($0.columns)x\($0.data) \($0.mode.rawValue)" })
        == ["2x8 forward", "4x4 forward", "2x8 reverse", "4x4 reverse"])
  }

  @Test("many hyperparameters are differentiated in reverse, few forwards")
  func modes() throws {
    var work = WindowWork(
      hyperparameters: 385, shards: 8, steps: 50, observed: 20, validationShards: 63,
      modes: [.forward, .reverse])
    #expect(try GridChoice.choose(.auto, ranks: 1, work: work).mode == .reverse)
    work.hyperparameters = 3
    for ranks in [1, 2, 4, 8] {
      #expect(try GridChoice.choose(.auto, ranks: ranks, work: work).mode == .forward)
    }
  }

  @Test("implicit differentiation is planned with what it solves, on all ranks side by side")
  func implicit() throws {
    var configuration = Configuration()
    configuration.task = .reweighting
    configuration.reweighting.function = .classes
    configuration.method = .implicit
    configuration.mode = .forward
    configuration.window.carry = 0.8
    configuration.implicit.steps = 7
    #expect(configuration.conflict() == nil)
    let work = configuration.windowWork(count: 10, parameterCount: 1000)
    #expect(work.modes == [.implicit] && work.observed == 1)
    #expect(work.passes(.implicit, columnGroups: 1) == 50 + 3 * 7)
    let grids = GridChoice.possible(.auto, ranks: 4, work: work)
    #expect(grids == [GridChoice(columns: 1, data: 4, mode: .implicit)])
    // A method without a choice of modes is not given one.
    let plan = try Plan(
      configuration,
      on: Plan.Cluster(nodes: 1, ranksPerNode: 4, bandwidth: 1e9, latency: 1e-6))
    let lines = plan.table(preset: "glyphs")
    #expect(lines.allSatisfy { !$0.contains("mode=") })
    #expect(lines.contains { $0.contains("implicit") })
  }

  @Test("a plan has every grid, the best first, and fits the memory")
  func plan() throws {
    var configuration = Preset.glyphs.configuration
    configuration.task = .reweighting
    configuration.window.carry = 0
    configuration.reweighting.hidden = 10
    let cluster = Plan.Cluster(
      nodes: 2, ranksPerNode: 2, bandwidth: 1e9, latency: 1e-5, memory: 50_000_000)
    let plan = try Plan(configuration, on: cluster)
    #expect(plan.hyperparameters == 34 && plan.windows == 20)
    #expect(plan.entries.count == 6)
    let totals = plan.entries.map(\.seconds.total)
    #expect(totals == totals.sorted() && totals[0] > 0)
    #expect(plan.entries.allSatisfy { !$0.fits && $0.efficiency > 0 && $0.efficiency < 1.5 })
    let table = plan.table(preset: "mine").joined(separator: "\n")
    #expect(table.contains("too much memory") && table.contains("sbatch --nodes=2"))
    let json = try JSONValue(parsing: Array(plan.json.utf8))
    #expect(json["grids"]?.array?.count == 6)
  }

  @Test("the line to submit holds the preset, the options, the grid and the mode")
  func submission() throws {
    let run = try ProgramUnderTest.run(
      [
        "plan", "glyphs", "--nodes", "2", "--ranks-per-node", "2", "--set", "mode=reverse",
        "--set", "window.carry=0", "--set", "network=lenet",
      ], ranks: nil)
    #expect(run.exitCode == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    let best = try #require(lines.first { $0.hasPrefix("best: ") })
    let grid = try #require(best.split(separator: " ").dropFirst(2).first)
    let line = try #require(lines.last)
    #expect(line.hasPrefix("sbatch --nodes=2 --ntasks-per-node=2 --cpus-per-task=1 --mem="))
    #expect(
      line.hasSuffix(
        " scripts/slurm/run.sbatch glyphs --set mode=reverse --set window.carry=0 "
          + "--set network=lenet --grid \(grid) --set mode=reverse"), "\(line)")
  }

  @Test(
    "words are quoted as a shell reads them back",
    arguments: [
      ("a/b_1.yaml", "a/b_1.yaml"), ("", "''"), ("a b", "'a b'"), ("x=[1]", "'x=[1]'"),
      ("it's", #"'it'\''s'"#), ("ä", "'ä'"), ("$(x)", "'$(x)'"),
    ])
  func quoting(word: String, quoted: String) { #expect(Plan.shellWord(word) == quoted) }

  @Test("memory falls with the column groups")
  func memory() {
    let model = MemoryModel(
      parameterCount: 1_000_000, numberSize: 4, stateCount: 1, arenaBytes: 0, imageBytes: 0,
      work: WindowWork(hyperparameters: 400, shards: 1),
      plan: TrajectoryPlan(steps: 1, stateBytes: 0, stepBytes: 0, limit: 1), sums: .tree)
    func columns(_ groups: Int) -> Double {
      let rest = 120e6
      return Double(model.bytes(GridChoice(columns: groups, data: 1, mode: .forward))) - rest
    }
    // θ, v, gradient and one partial sum of 401 vectors.
    #expect(abs(columns(1) / (4 * 401 * 4e6) - 1) <= 0.01)
    #expect(abs(columns(1) / columns(4) - 4) <= 0.1)
  }
}
