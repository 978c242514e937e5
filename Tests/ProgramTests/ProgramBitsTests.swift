import Foundation
import Testing

extension ResultTests {
  /// `trajectory.jsonl` and `model.safetensors`, byte for byte, wherever the work was done.
  @Suite("The same bits") struct Bits {
    static let grids = ["1x2", "2x1", "3x1", "2x2", "1x4", "2x4", "3x2"]

    @Test(
      "on every grid", arguments: ["float", "double"], ["sgd", "adam"])
    func onEveryGrid(precision: String, optimizer: String) throws {
      let settings =
        ["precision=\(precision)", "inner.optimizer=\(optimizer)"]
        // A third column.
        + (optimizer == "adam" ? ["hyperparameters.beta1.tuned=true"] : [])
      let reference = try TinyRun(settings, grid: "1x1")
      reference.expectSuccess()
      #expect(try reference.hypergradients.contains { $0 != 0 })
      // Adam and double differ from SGD and float within a rank only: half of the grids say as much.
      let grids = optimizer + precision == "sgdfloat" ? Self.grids : ["3x1", "2x2", "1x4"]
      for grid in grids {
        try TinyRun(settings, grid: grid).expectSameBits(as: reference, "\(grid)")
      }
    }

    @Test("on any number of ranks, with the grid that is chosen for them")
    func onAnyNumberOfRanks() throws {
      let reference = try TinyRun.shared()
      reference.expectSuccess()
      #expect(try reference.lines(.trajectory).count == 8)
      for ranks in [1, 2, 3, 4, 8] {
        let run = try TinyRun(ranks: ranks)
        run.expectSameBits(as: reference, "\(ranks) ranks")
        #expect(try run.summary["ranks"]?.int == ranks)
      }
    }

    @Test("with operands rounded to bfloat16")
    func withRoundedOperands() throws {
      let full = try TinyRun.shared()
      let reference = try TinyRun(["compute=bfloat16"])
      reference.expectSuccess()
      #expect(try reference.summary["compute"]?.string == "bfloat16")
      #expect(reference.bytes(.trajectory) != full.bytes(.trajectory))
      for ranks in [1, 2, 3] {
        try TinyRun(["compute=bfloat16"], ranks: ranks)
          .expectSameBits(as: reference, "\(ranks) ranks")
      }
    }

    @Test("with shards of unequal size, and unequally many on the ranks")
    func withUnevenShards() throws {
      // Four shards, the last of two images; three of validation images, the last of eight.
      let settings = ["inner.batch=50", "parallel.shard=16"]
      let reference = try TinyRun(settings, grid: "1x1")
      reference.expectSuccess()
      for grid in ["1x2", "1x3", "1x4", "2x3"] {
        try TinyRun(settings, grid: grid).expectSameBits(as: reference, "\(grid)")
      }
    }

    @Test("but not from another seed")
    func differBySeed() throws {
      let (zero, one) = (try TinyRun.shared(), try TinyRun(["seed=1"]))
      zero.expectSuccess()
      one.expectSuccess()
      #expect(zero.bytes(.trajectory) != one.bytes(.trajectory))
      #expect(zero.bytes(.model) != one.bytes(.model))
    }

    @Test("MPI's own sums come close", arguments: ["2x1", "1x4", "2x2"])
    func withSumsOfMPI(grid: String) throws {
      let reference = try TinyRun.shared(["precision=double"])
      let run = try TinyRun(["precision=double", "parallel.sums=allreduce"], grid: grid)
      run.expectSuccess()
      let (expected, found) = (try reference.hypergradients, try run.hypergradients)
      #expect(!expected.isEmpty && expected.count == found.count)
      let largest = expected.map(abs).max() ?? 0
      // Rounding (1e-16) grown over 12 steps of a training that does not amplify much; another
      // minibatch or a lost shard would change the second digit.
      for (a, b) in zip(expected, found) { #expect(abs(a - b) <= 1e-9 * largest) }
    }
  }
}
