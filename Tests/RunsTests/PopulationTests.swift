import Foundation
import Settings
import TestSupport
import Testing

@testable import Runs

/// Who of a population takes over whom.
@Suite("Populations") struct PopulationTests {
  private func pairs(
    _ badness: [Double?], seed: UInt64 = 0, window: Int = 4
  ) -> [Population.Pair] {
    Population.pairs(of: Array(badness.indices), badness: { badness[$0] }) {
      PopulationDraws(seed: seed, window: window, number: $0 + 1)
    }
  }

  @Test("the worst fifth take over the best fifth, ties to the lower number")
  func fifths() {
    let ten = pairs([5, 1, 9, 3, 8, 2, 7, 4, 6, 10])
    #expect(ten.map(\.heir) == [2, 9] && ten.allSatisfy { [1, 5].contains($0.source) })
    #expect(pairs([2, 1]).map { [$0.heir, $0.source] } == [[0, 1]])
    #expect(pairs([1, 1, 1]).map { [$0.heir, $0.source] } == [[2, 0]])
    #expect(pairs([.infinity, 0.5, 0.1, 7]).map { [$0.heir, $0.source] } == [[0, 2]])
    #expect(pairs([1]).isEmpty)
  }

  @Test("trials that failed take over others, as long as one is left")
  func failures() {
    #expect(pairs([nil, 3, 2]).map { [$0.heir, $0.source] } == [[0, 2]])
    #expect(pairs([nil, nil, 2]).map { [$0.heir, $0.source] } == [[0, 2], [1, 2]])
    #expect(pairs([nil, nil, nil]).isEmpty)
    // One of the two places of ten trials is taken by the one that failed.
    let ten = pairs([5, 1, 9, 3, nil, 2, 7, 4, 6, 10])
    #expect(ten.map(\.heir) == [4, 9])
  }

  @Test("nobody takes over itself or one that is replaced", arguments: 0..<UInt64(60))
  func disjoint(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let count = Int.random(in: 2...40, using: &random)
    let badness = (0..<count).map { _ -> Double? in
      Int.random(in: 0..<5, using: &random) == 0 ? nil : Double.random(in: 0...3, using: &random)
    }
    let pairs = pairs(badness, seed: seed)
    let (heirs, sources) = (Set(pairs.map(\.heir)), Set(pairs.map(\.source)))
    let failed = badness.indices.filter { badness[$0] == nil }
    #expect(heirs.count == pairs.count && heirs.isDisjoint(with: sources), "seed \(seed)")
    #expect(heirs.isSuperset(of: failed) || failed.count == count, "seed \(seed)")
    if failed.count < count {
      #expect(pairs.count == max(failed.count, max(1, count / 5)), "seed \(seed)")
    }
    let best = badness.compactMap(\.self).sorted().prefix(max(1, count / 5))
    #expect(sources.allSatisfy { best.contains(badness[$0] ?? .nan) }, "seed \(seed)")
  }

  @Test("draws are a function of seed, window, trial and column, and even")
  func draws() {
    func sources(_ seed: UInt64, _ window: Int) -> [Int] {
      (1...400).map {
        PopulationDraws(seed: seed, window: window, number: $0).source(among: 4)
      }
    }
    #expect(sources(3, 6) == sources(3, 6))
    #expect(sources(3, 6) != sources(4, 6) && sources(3, 6) != sources(3, 7))
    // 400 draws of a quarter: 100 ± 8.7, so 4 deviations.
    for source in 0..<4 {
      #expect((65...135).contains(sources(3, 6).count { $0 == source }))
    }
    let (first, other) = (
      PopulationDraws(seed: 3, window: 6, number: 1), PopulationDraws(seed: 3, window: 6, number: 2)
    )
    #expect(first.directions(count: 400) != other.directions(count: 400))
    #expect(first.directions(count: 5) == Array(first.directions(count: 400).prefix(5)))
    #expect((160...240).contains(first.directions(count: 400).count { $0 }))
  }

  private static let generations = [
    Generation(
      window: 2, isApplied: true,
      heirs: [
        .init(
          trial: 2, source: 0, trained: 1, seconds: 0.25,
          before: [.init(name: "learning-rate", value: 0.1)],
          after: [.init(name: "learning-rate", value: 0.12000000000000001)])
      ]),
    Generation(
      window: 4, isApplied: false,
      heirs: [.init(trial: 1, source: 0, trained: 4, seconds: 1, before: [], after: [])]),
  ]

  private static let plan = TrialPlan(
    trials: (1...4).map {
      Trial(number: $0, name: "default", configuration: Preset.glyphs.configuration)
    },
    brackets: [
      Bracket(trials: [0, 1, 2], rungs: [2, 4, 6], eta: 1),
      Bracket(trials: [3], rungs: [2, 4, 6], eta: 1),
    ], isPopulation: true)

  @Test("generations come back from their file as they were")
  func file() throws {
    let folder = try TemporaryFolder()
    #expect(try PopulationFile.read(in: folder.path, Self.plan).isEmpty)
    try PopulationFile.write(Self.generations, to: folder.path)
    #expect(try PopulationFile.read(in: folder.path, Self.plan) == Self.generations)
    #expect(Self.generations[0].heirs[0].changes == "learning-rate 0.1 -> 0.12")
  }

  @Test(
    "a damaged file is named, and what is wrong with it",
    arguments: [
      ("\"applied\":false", "\"applied\":7", "the generation after window 4"),
      ("\"applied\":true", "\"applied\":false", "a later one is"),
      ("\"window\":4", "\"window\":3", "the generation after window 4"),
      ("\"trial\":3", "\"trial\":4", "not of its population"),
      ("\"trial\":3", "\"trial\":99999", "the generation after window 2"),
      ("\"trial\":3", "\"trial\":5", "not of its population"),
      ("\"trial\":3", "\"trial\":1", "both taken over and replaced"),
      ("\"windows\":1", "\"windows\":3", "had trained 3 windows"),
      ("\"seconds\":0.25", "\"seconds\":-1", "the generation after window 2"),
      ("\"seconds\":0.25", "\"seconds\":1e400", "damaged"),
      ("0.12000000000000001", "\"x\"", "the generation after window 2"),
      ("\"generations\"", "\"others\"", "has no generations"), ("{", "", "is not JSON"),
      ("\"heirs\"", "\"hairs\"", "the generation after window 2"),
    ])
  func damaged(text: String, other: String, words: String) throws {
    let folder = try TemporaryFolder()
    try PopulationFile.write(Self.generations, to: folder.path)
    let path = PopulationFile.path(in: folder.path)
    let content = try String(contentsOfFile: path, encoding: .utf8)
    let range = try #require(content.range(of: text))
    try content.replacingCharacters(in: range, with: other).write(
      toFile: path, atomically: true, encoding: .utf8)
    let error = try #require(throws: RecordError.self) {
      try PopulationFile.read(in: folder.path, Self.plan)
    }
    #expect(error.description.contains(words), "\(error)")
    #expect(error.description.hasPrefix(path) && error.description.contains("another folder"))
  }

  @Test("more generations than rungs")
  func tooMany() throws {
    let folder = try TemporaryFolder()
    var many = Self.generations
    many[1].isApplied = true
    many.append(Generation(window: 6, isApplied: true, heirs: []))
    try PopulationFile.write(many, to: folder.path)
    let error = try #require(throws: RecordError.self) {
      try PopulationFile.read(in: folder.path, Self.plan)
    }
    #expect(error.description.contains("has 3 generations, and the search has 2"))
  }

  @Test("a plan of a population is another one than that of a search by halving")
  func plans() {
    var halving = Self.plan
    halving.isPopulation = false
    #expect(Self.plan.difference(from: Self.plan.json) == nil)
    #expect(Self.plan.difference(from: halving.json) == "another strategy")
    #expect(halving.difference(from: Self.plan.json) == "another strategy")
    #expect(halving.json["strategy"] == nil)
    var larger = Self.plan
    larger.trials.append(
      Trial(number: 5, name: "default", configuration: Preset.glyphs.configuration))
    larger.canGrow = true
    #expect(larger.difference(from: Self.plan.json)?.contains("keeps its 4 trials") == true)
  }
}
