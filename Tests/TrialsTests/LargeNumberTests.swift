import Hypergradients
import TestSupport
import Testing

@testable import Runs
@testable import Settings
@testable import Trials

/// Arithmetic on numbers from outside: legal or not, no number may leave its type.
@Suite("Large numbers")
struct LargeNumberTests {
  static let values = [
    "0", "-1", "1", "2147483648", "4294967296", "9223372036854775807", "18446744073709551615",
    "1e10", "1e308", "-1e308", "1e-320", "nan", "inf", "1000000", "100000000", "1000000000",
    "fixed 9223372036854775807", "energy 1e-320", "1000000x1000000", "1x4294967296",
    "wrn-1000-64", "wrn-9223372036854775807-1",
  ]

  static let settings = [
    [], ["task=reweighting"], ["method=global", "mode=reverse", "window.carry=0"],
    ["method=truncated-global", "mode=reverse", "window.carry=0"],
    ["method=global-restart"], ["task=class-weights", "mode=reverse", "window.carry=0"],
  ]

  @Test("every key with every number is refused or counted", arguments: settings)
  func keys(settings: [String]) throws {
    var base = ConfigurationReader(over: Preset.glyphs.configuration)
    try base.set(["window.length=5", "window.observed=4", "dmd.stacks=2"] + settings)
    var legal = 0
    for setting in Configuration.settings {
      for value in Self.values {
        var reader = base
        guard (try? reader.set(["\(setting.key)=\(value)"])) != nil,
          let configuration = try? reader.checked()
        else { continue }
        legal += 1
        // A million hidden units have three million names: once is enough.
        if setting.key == "reweighting.hidden", configuration.reweighting.hidden > 1000 { continue }
        count(configuration)
      }
    }
    #expect(legal >= 100)
  }

  @Test("the largest legal numbers together are counted")
  func largest() throws {
    var reader = ConfigurationReader(over: Preset.glyphs.configuration)
    try reader.set([
      "network=wrn-1000-64", "data.set=cifar-10", "method=truncated-global", "mode=reverse",
      "window.carry=0", "inner.steps=1000000000", "window.length=100000000", "window.observed=4",
      "dmd.stacks=2", "truncated-global.windows=10", "inner.batch=1000000",
      "parallel.shard=1", "data.validation=1000000000", "inner.optimizer=adam",
      "precision=double",
    ])
    count(try reader.checked())
  }

  /// Counts work, memory and time for grids from one rank to as many as there may be.
  private func count(_ configuration: Configuration) {
    let parameters = configuration.network.network(
      classCount: configuration.expectedClassCount
    ).parameters.count
    let plan = configuration.trajectoryPlan(parameterCount: parameters)
    #expect(plan.bytes > 0)
    let work = configuration.windowWork(count: 3_000_001, parameterCount: parameters)
    let memory = MemoryModel(
      parameterCount: parameters, numberSize: 8, stateCount: 2, arenaBytes: 1, imageBytes: 1,
      work: work, plan: plan, sums: .tree)
    let model = WindowModel(work, .nominal, hosts: HostLayout(ranksPerNode: 1))
    for ranks in [1, 7, Configuration.Parallel.mostRanks] {
      for choice in GridChoice.possible(.auto, ranks: ranks, work: work) {
        #expect(memory.bytes(choice) > 0)
        #expect(model.seconds(choice).total >= 0)
      }
      _ = try? GridChoice.choose(.auto, ranks: ranks, work: work)
      _ = try? LaunchCheck.run(configuration, ranks: ranks)
    }
  }

  @Test("the most ranks that have work are found as by trying them all")
  func busiest() throws {
    for (columns, shards, ranks) in [(3, 8, 25), (1, 7, 9), (5, 5, 31), (7, 3, 22), (4, 6, 23)] {
      let work = WindowWork(hyperparameters: columns, shards: shards)
      let most = (1...ranks).last { count in
        (1...count).contains {
          count % $0 == 0 && $0 <= columns && count / $0 <= shards
        }
      }
      let error = try #require(throws: RunError.self) {
        try GridChoice.choose(.auto, ranks: ranks, work: work)
      }
      #expect("\(error)".contains("Start \(most ?? 0) ranks"), "\(error)")
    }
  }

  @Test("divisors are those that trial finds")
  func dividing() {
    for number in Array(1...200) + [997, 1024, 3600] {
      #expect(divisors(of: number) == (1...number).filter { number % $0 == 0 })
    }
    #expect(divisors(of: 999_983) == [1, 999_983])
  }

  @Test("adjoints are counted as by going through them")
  func adjoints() {
    let rates = MachineRates(
      gradient: 0, tangent: 1, validation: 0, update: 0, local: 0, remote: 0, localLatency: 0,
      remoteLatency: 0)
    for (steps, observed, groups) in [(50, 20, 1), (50, 20, 3), (7, 7, 2), (9, 4, 4), (5, 1, 1)] {
      let work = WindowWork(
        hyperparameters: 1, shards: 1, steps: steps, observed: observed, modes: [.reverse])
      let seconds = WindowModel(work, rates, hosts: HostLayout(ranksPerNode: 64)).seconds(
        GridChoice(columns: groups, data: 1, mode: .reverse))
      let expected = stride(from: steps, to: steps - observed, by: -groups).reduce(0, +)
      #expect(seconds.training == Double(expected))
    }
  }

  @Test("draws stay in their range, whole numbers beyond Double's too")
  func draws() throws {
    for text in [
      "inner.steps=1:9223372036854775807", "seed=1:9007199254740993", "inner.batch=1:12345",
      "learning-rate=0.001:0.0012345", "momentum=0.5:0.99999",
    ] {
      let range = try StartingRange(text, option: "--range")
      guard case .interval(let low, let high, _) = range.values else {
        Issue.record("\(text) is no interval")
        continue
      }
      for draw in 0..<200 {
        let value = try #require(range.drawn(draw, seed: 3).flatMap { Double($0) })
        #expect(value >= low * 0.999 && value <= high, "\(text): \(value)")
      }
    }
    for text in ["learning-rate=0:1", "learning-rate=1:inf", "learning-rate=nan:1", "seed=-1:5"] {
      #expect(throws: ConfigurationError.self) { try StartingRange(text, option: "--range") }
    }
  }
}
