import Foundation
import Testing

extension ProgramTests {
  /// A training that leaves the numbers that can be computed with.
  @Suite("Divergence") struct Divergence {
    /// Steps so large that the first window overflows.
    static let wild = [
      "hyperparameters.learning-rate.initial=0.999", "hyperparameters.momentum.initial=0.99",
      "inner.steps=24", "window.length=12",
    ]

    @Test("retreat goes back, says so and ends well")
    func retreat() throws {
      let settings = Self.wild + ["divergence.shrink=0.01"]
      let one = try TinyRun(settings)
      one.expectSuccess()
      #expect(one.run.output.components(separatedBy: "went back to its start").count == 2)
      let first = try #require(try one.lines(.windows).first)
      let retreats = try #require(first["retreats"]?.array)
      #expect(retreats.count == 1)
      let before = try #require(retreats.first?["learning_rate_before"]?.double)
      let after = try #require(retreats.first?["learning_rate_after"]?.double)
      // Through the sigmoid and back: a few roundings.
      #expect(abs(before - 0.999) <= 1e-12 && abs(after - 0.00999) <= 1e-12)
      #expect(try one.summary["retreats"]?.int == 1)
      #expect(try one.hypergradients.allSatisfy(\.isFinite))
      #expect(
        String(decoding: one.bytes(.log), as: UTF8.self).contains("went back to its start"))
      try TinyRun(settings, ranks: 3).expectSameBits(as: one, "3 ranks")
    }

    @Test(
      "giving up ends all ranks with the values, once",
      arguments: [["divergence.policy=stop"], ["divergence.retreats=0"]], [nil, 3])
    func givingUp(settings: [String], ranks: Int?) throws {
      let tiny = try TinyRun(Self.wild + settings, ranks: ranks)
      let run = tiny.run
      #expect(run.exitCode == 70)
      #expect(run.errorLines.count == 1, "\(run.errors)")
      #expect(run.errors.hasPrefix("glocal-dist: Training diverged in window 1: the "))
      for words in [
        " was not finite at step ", "loss ", "learning-rate 0.99", "momentum",
      ] {
        #expect(run.errors.contains(words), "\(run.errors)")
      }
      #expect(String(decoding: tiny.bytes(.log), as: UTF8.self).contains("Training diverged"))
      #expect(tiny.bytes(.model).isEmpty && tiny.bytes(.summary).isEmpty)
    }

    @Test("retreats are used up")
    func usedUp() throws {
      let tiny = try TinyRun(
        Self.wild + ["divergence.shrink=0.999", "divergence.retreats=2"], ranks: 2)
      #expect(tiny.run.exitCode == 70)
      #expect(tiny.run.errorLines.count == 1)
      #expect(tiny.run.errors.contains("2 retreats with smaller learning rates did not help"))
    }
  }
}
