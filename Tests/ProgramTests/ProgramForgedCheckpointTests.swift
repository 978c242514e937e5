import Foundation
import TestSupport
import Testing

@testable import Runs
@testable import Settings
@testable import Storage

extension ProgramTests {
  /// A right checksum and wrong content: named, never a trap, never resumed.
  @Suite("Checkpoints that say what no run writes") struct ForgedCheckpoints {
    /// A forgery, and what the reason has to name.
    struct Forgery: CustomTestStringConvertible, Sendable {
      let testDescription: String
      let words: String
      let change: @Sendable (inout ForgedCheckpoint) throws -> Void

      init(
        _ words: String, of description: String,
        _ change: @escaping @Sendable (inout ForgedCheckpoint) throws -> Void
      ) {
        (self.words, testDescription, self.change) = (words, description, change)
      }

      static func record(_ key: String, _ value: JSONValue?, _ words: String? = nil) -> Forgery {
        Forgery(words ?? key, of: "\(key) \(value.map { JSONText.line($0) } ?? "missing")") {
          try $0.set(key, to: value)
        }
      }

      static func shape(_ name: String, _ shape: [Int]?) -> Forgery {
        Forgery("its \(name) is", of: "\(name) \(shape.map { "\($0)" } ?? "missing")") {
          $0.reshape(name, to: shape)
        }
      }
    }

    static let unreadable = "its record cannot be read"

    static let forgeries: [Forgery] =
      [5, .max].map { .record("window", .integer($0), "window") }
      // The best window is the fourth: a record of an earlier one contradicts itself.
      + [-1, 1, 3, .min].map { .record("window", .integer($0), unreadable) }
      + [-1, 0, 23, 25, .min, .max].map { .record("step", .integer($0)) }
      + [-1, 0, 3, 5, .max].map { .record("outer_step", .integer($0)) }
      + [-1, 1001, .max].map { .record("retreats", .integer($0)) }
      + [-1, 5, .max].map { .record("fallbacks", .integer($0)) }
      + [0, 5, -1, .max].map { .record("origin_step", .integer($0)) }
      + [
        .record("elapsed", .number(1e308), "seconds"), .record("elapsed", .number(-1), "seconds"),
        .record(
          "seconds",
          ["training": .number(1e300), "validation": 0, "estimation": 0, "update": 0], "seconds"),
        .record("columns", .bool(true)), .record("mode", "reverse", "its mode is reverse"),
        .record("mode", "sideways", unreadable),
        .record(
          "pending_retreats",
          .array([
            ["step": 3, "quantity": "hypergradient", "loss": "nan", "before": 0.1, "after": 0.05]
          ]), "pending_retreats"),
        .record(
          "files", ["windows.jsonl": ["lines": -1, "bytes": 3, "checksum": "00000000"]],
          unreadable),
        .record("files", .array([]), unreadable),
      ]
      + [
        "window", "step", "outer_step", "retreats", "pending_retreats", "columns", "mode", "forced",
        "images", "files", "fallbacks", "elapsed", "seconds",
      ].map { .record($0, nil, unreadable) }
      + [
        .shape("schedule", [6, 1]), .shape("schedule", [1 << 40, 0]), .shape("schedule", [15]),
        .shape("schedule", nil),
        Forgery("its configuration cannot be read", of: "no configuration") {
          $0.change(.configuration) { _ in "inner: [" }
        },
        Forgery("its schedule", of: "schedule not finite") { $0.poison("schedule", with: .nan) },
      ]

    /// Those that only the network and the configuration tell.
    static let misfits: [Forgery] =
      [
        .shape("hyperparameters", [2]), .shape("hyperparameters", [4]),
        .shape("hyperparameters", nil), .shape("outer.first", [0]), .shape("outer.second", [3, 1]),
        .shape("schedule", [5, 0]), .shape("schedule", [5, 4]), .shape("parameters", [15385]),
        .shape("parameters", [15386, 1]), .shape("parameters", nil),
        .shape("optimizer.0", [1]), .shape("optimizer.0", nil),
        Forgery("outer.second holds a number below 0", of: "negative squares") {
          $0.poison("outer.second", with: -1)
        },
      ]
      + ["hyperparameters", "outer.first", "outer.second"].map { name in
        Forgery("its \(name) holds a number that is not finite", of: "\(name) infinite") {
          $0.poison(name, with: .infinity)
        }
      }

    private func finished() throws -> (run: TinyRun, checkpoint: String) {
      let run = try TinyRun([
        "inner.steps=24", "checkpoint.every=1", "mode=forward", "checkpoint.keep=4",
      ])
      run.expectSuccess()
      return (run, run.folder.path("run/checkpoints/window-000004.safetensors"))
    }

    @Test("all of them are named, and so is what is wrong")
    func named() throws {
      let (run, path) = try finished()
      let folder = CheckpointFolder(path: run.folder.path("run/checkpoints"))
      let original = try ForgedCheckpoint(of: path)
      let fit = CheckpointFit(
        try RunFolder.configuration(of: run.folder.path("run")),
        try Configuration().expectedModel())
      try original.write(to: path)
      #expect(try fit.misfit(folder.checkpoint(window: 4)) == nil)
      for forgery in Self.forgeries {
        var forged = original
        try forgery.change(&forged)
        try forged.write(to: path)
        let damage = #expect(throws: CheckpointDamage.self, "\(forgery.testDescription)") {
          try folder.checkpoint(window: 4)
        }
        #expect(
          damage?.description.contains(path) == true
            && damage?.reason.contains(forgery.words) == true && damage?.isDamaged == true,
          "\(forgery.testDescription): \(damage?.description ?? "nothing")")
      }
      for forgery in Self.misfits {
        var forged = original
        try forgery.change(&forged)
        try forged.write(to: path)
        let reason = try fit.misfit(folder.checkpoint(window: 4))
        #expect(
          reason?.contains(forgery.words) == true,
          "\(forgery.testDescription): \(reason ?? "nothing")")
      }
    }

    @Test("the one before is used, or the run refused", arguments: [nil, 2])
    func gone(ranks: Int?) throws {
      let run = try ResumableRun(["inner.steps=24", "checkpoint.every=1", "mode=forward"])
      #expect(try run.start(ranks: nil).finish().exitCode == 0)
      let reference = try TinyRun(["inner.steps=24", "mode=forward"])
      try FileManager.default.removeItem(atPath: "\(run.path)/summary.json")
      let path = "\(run.path)/checkpoints/window-000004.safetensors"
      let original = try ForgedCheckpoint(of: path)

      var misfit = original
      misfit.reshape("hyperparameters", to: [2])
      try misfit.write(to: path)
      let refused = try run.resume(ranks: ranks)
      #expect(refused.exitCode == 64 && refused.errorLines.count == 1, "\(refused.errors)")
      #expect(refused.errors.contains("\(path) does not fit: its hyperparameters is [2]"))

      var old = original
      old.change(.format) { _ in "glocal-dist checkpoint 1" }
      try old.write(to: path)
      let other = try run.resume(ranks: ranks)
      #expect(other.exitCode == 64 && other.errorLines.count == 1, "\(other.errors)")
      #expect(other.errors.contains("\"glocal-dist checkpoint 1\" of another version"))

      var forged = original
      try forged.set("outer_step", to: .integer(.max))
      try forged.write(to: path)
      let end = try run.resume(ranks: ranks)
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      #expect(run.log.contains("\(path) cannot be used: its outer_step is 9223372036854775807"))
      #expect(run.log.contains("resumed from window 3"))
      try run.expectResults(of: reference, "after a forged checkpoint")
    }
  }
}
