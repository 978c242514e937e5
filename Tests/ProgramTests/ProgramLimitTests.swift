@testable import Presentation
@testable import Hypergradients
@testable import Storage
@testable import Settings
@testable import Runs
import Foundation
import Hypergradients
import TestSupport
import Testing

extension ProgramTests {
  /// Hyperparameters stay within what is legal and what was asked for.
  @Suite("Limits") struct Limits {
    static let optimizers = [
      ["outer.optimizer=adam", "outer.learning-rate=0.2"],
      ["outer.optimizer=sgd", "outer.learning-rate=1", "outer.momentum=0.5"],
      [
        "outer.optimizer=rprop", "outer.learning-rate=0.2", "outer.smallest=0.1", "outer.largest=1",
      ],
    ]
    static let inner = [
      ["hyperparameters.weight-decay={initial: 0, transform: identity}"],
      ["hyperparameters.momentum={initial: 0.02, transform: identity, maximum: 0.04}"],
      [
        "hyperparameters.learning-rate={initial: 0.02, transform: identity, per-layer: true, "
          + "minimum: 0.0199, maximum: 0.0201}"
      ],
      [
        "inner.optimizer=adam",
        "hyperparameters.learning-rate={initial: 0.003, transform: identity}",
        "hyperparameters.epsilon={initial: 0.001, transform: identity, tuned: true}",
        "hyperparameters.beta1={initial: 0.5, transform: softplus, tuned: true}",
        "hyperparameters.beta2={initial: 0.5, transform: exp, tuned: true, minimum: 0.49}",
      ],
    ]

    @Test("in every outer optimizer, counted, said once", arguments: optimizers, inner)
    func hold(outer: [String], inner: [String]) throws {
      let settings = ["inner.steps=60"] + outer + inner
      let run = try TinyRun(settings)
      run.expectSuccess()
      let configuration = try configuration(
        yaml: String(decoding: run.bytes(.configuration), as: UTF8.self))
      for line in try run.lines(.windows) {
        for member in line["hyperparameters_after"]?.members ?? [] {
          let name = try #require(
            HyperparameterName(rawValue: String(member.key.prefix { $0 != "[" })))
          let (value, one) = (member.value.double ?? .nan, configuration.hyperparameters[name])
          #expect(name.legal.contains(value), "\(member.key) \(value)")
          #expect(value >= one.minimum ?? value && value <= one.maximum ?? value)
        }
      }
      let counts = try #require(try run.summary["projections"]?.members)
      #expect(!counts.isEmpty, "no limit was reached")
      let log = String(decoding: run.bytes(.log), as: UTF8.self)
      for count in counts {
        let told = log.components(separatedBy: " \(count.key) has come to the ").count - 1
        #expect(told == 1 && (count.value.int ?? 0) >= 1, "\(count.key)")
      }
      // Ranks take what the outer optimizer says, whichever it is: each of both lists once or twice.
      let (one, other) = (Self.optimizers.firstIndex(of: outer), Self.inner.firstIndex(of: inner))
      if one == other.map({ $0 % Self.optimizers.count }) {
        try TinyRun(settings, ranks: 3).expectSameBits(as: run, "3 ranks")
      }
    }

    @Test("a retreat stops at the minimum, and says so")
    func retreat() throws {
      let run = try TinyRun(
        Divergence.wild + ["hyperparameters.learning-rate.minimum=0.9"])
      #expect(run.run.exitCode == 70)
      #expect(run.run.errors.contains("may not become smaller than 0.9"), "\(run.run.errors)")
    }

    @Test("resume names a limit that has changed")
    func resume() throws {
      let run = try TinyRun(["hyperparameters.momentum.maximum=0.95"])
      let result = try ProgramUnderTest.run([
        "resume", run.folder.path("run"), "--data", run.images.path, "--set",
        "hyperparameters.momentum.maximum=0.99",
      ])
      #expect(result.exitCode == 64)
      #expect(
        result.errors.contains("hyperparameters.momentum.maximum: 0.95 -> 0.99"),
        "\(result.errors)")
    }
  }
}
