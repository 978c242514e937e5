import Foundation
import Testing

@testable import Storage

extension ResultTests {
  /// Searches that get more trials than they had.
  @Suite("More trials") struct SearchGrowth {
    @Test("a finished search goes on with more, and every trial has the bits of one that had them")
    func grows() throws {
      let few = try TinyTrials(["search", "--eta", "2"])
      let first = try few.run(ranks: nil, options: ["--trials", "3"])
      #expect(first.exitCode == 0, "\(first.errors)")
      let (best, summary) = (few.bytes("best/model.safetensors"), few.bytes("summary.json"))
      let again = try few.run(ranks: 2, options: ["--trials", "8"])
      #expect(again.exitCode == 0, "\(again.errors)")
      #expect(few.bytes("summary-3.json") == summary && !summary.isEmpty)
      #expect(few.bytes("best-3/model.safetensors") == best && !best.isEmpty)

      let many = try TinyTrials(["search", "--eta", "2"])
      #expect(try many.run(ranks: nil, options: ["--trials", "8"]).exitCode == 0)
      #expect(FolderListing.names(in: "\(few.path)/trials").count == 8)
      for name in FolderListing.names(in: "\(many.path)/trials") {
        func windows(_ trials: TinyTrials) throws -> [JSONValue] {
          try trials.bytes("trials/\(name)/windows.jsonl").split(separator: UInt8(ascii: "\n"))
            .map {
              .object(try (JSONValue(parsing: $0).members ?? []).filter { $0.key != "seconds" })
            }
        }
        // Some have come farther in the first search than they would have among more.
        let (grown, whole) = (try windows(few), try windows(many))
        #expect(grown.count >= whole.count && !whole.isEmpty, "trial \(name)")
        #expect(Array(grown.prefix(whole.count)) == whole, "trial \(name)")
      }
      // The best of more is among what may have been found, and no worse.
      func loss(_ trials: TinyTrials) throws -> Double {
        try #require(trials.json("summary.json")["best"]?["validation_loss"]?.double)
      }
      #expect(try loss(few) <= loss(many))
      let done = try few.run(ranks: nil, options: ["--trials", "8"])
      #expect(done.exitCode == 0 && done.output.contains("has finished; nothing is left to do."))
    }

    @Test("fewer trials, other draws and other rungs are another plan")
    func refuses() throws {
      let trials = try TinyTrials(["search"])
      #expect(try trials.run(ranks: nil, options: ["--trials", "2"]).exitCode == 0)
      let summary = trials.bytes("summary.json")
      for (options, words) in [
        (["--trials", "1"], "2 trials there, 1 now"),
        (["--trials", "4", "--set", "seed=5"], "trial 1: "),
        (["--trials", "4", "--range", "momentum=0.5:0.9"], "trial 1: "),
        (["--trials", "4", "--eta", "2"], "another eta"),
        (["--trials", "4", "--by", "validation-accuracy"], "another criterion"),
      ] {
        let run = try trials.run(ranks: nil, options: options)
        #expect(run.exitCode == 64 && run.errors.contains(words), "\(options): \(run.errors)")
      }
      #expect(trials.bytes("summary.json") == summary)
    }
  }
}
