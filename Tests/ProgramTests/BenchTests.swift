import MultiRankTesting
import Testing

@testable import Storage

@Suite("glocal-bench", .serialized)
struct BenchTests {
  @Test("seconds and GFLOP/s belong to the operations of LeNet")
  func operations() throws {
    let run = try MultiRankRun.run(
      "glocal-bench", ["lenet", "plain", "--batch", "32", "--repeats", "2"], ranks: nil)
    #expect(run.exitCode == 0)
    let line = try #require(lines(of: run).first)
    #expect(line["case"]?.string == "lenet plain")
    #expect(line["runs"]?.int == 2)
    let seconds = try #require(line["seconds"]?.double)
    let gflops = try #require(line["gflops"]?.double)
    #expect(seconds > 0)
    // Layer by layer: 2 or 3 products of pixels · outputs · inputs · kernel² multiplications, twice.
    let first = 2 * 24 * 24 * 16 * 1 * 25
    let others = 2 * 8 * 8 * 16 * 16 * 25 + 2 * 256 * 32 + 2 * 32 * 10
    let expected = Double(32 * (2 * first + 3 * others))
    // Two roundings, far below this.
    #expect(abs(seconds * gflops * 1e9 / expected - 1) <= 1e-12)
  }

  @Test("kernels are timed in all directions", arguments: ["float32", "bfloat16"])
  func kernels(compute: String) throws {
    let run = try MultiRankRun.run(
      "glocal-bench", ["kernels", "--repeats", "1", "--batch", "2", "--compute", compute],
      ranks: nil)
    #expect(run.exitCode == 0)
    let lines = try lines(of: run)
    // 12 shapes in four directions, without input gradients and tangents of two layers that read images.
    #expect(lines.count == 44)
    #expect(lines.allSatisfy { $0["compute"]?.string == compute })
    #expect(lines.allSatisfy { ($0["gflops"]?.double ?? 0) > 0 })
  }

  @Test(
    "shares of the time are all of it, for any network",
    arguments: [
      ["wrn-10-1", "columns", "--batch", "16"], ["wrn-10-1", "validation", "--images", "20"],
      ["lenet", "columns", "--columns", "2", "--batch", "32"],
    ])
  func shares(arguments: [String]) throws {
    let run = try MultiRankRun.run("glocal-bench", arguments + ["--repeats", "1"], ranks: nil)
    #expect(run.exitCode == 0)
    let line = try #require(lines(of: run).first)
    #expect(line["case"]?.string == arguments[0...1].joined(separator: " "))
    #expect(line["columns"]?.int == (arguments[1] == "columns" ? 2 : 0))
    let kinds = ["convolution", "product", "elementwise", "sums", "rest"]
    let shares = try kinds.map { try #require(line["\($0)_share"]?.double) }
    let normalization = try #require(line["normalization_share"]?.double)
    #expect(shares.allSatisfy { $0 > 0 })
    #expect(arguments[0] == "lenet" ? normalization == 0 : normalization > 0)
    // Roundings of a few sums.
    #expect(abs(shares.reduce(normalization, +) - 1) <= 1e-12)
    let inside = try #require(line["convolution_gflops"]?.double)
    let alone = try #require(line["kernels_alone_gflops"]?.double)
    #expect(inside > 0 && alone > 0)
  }

  @Test("a window on two ranks is reported once, and its phases lie within it")
  func window() throws {
    let run = try MultiRankRun.run(
      "glocal-bench",
      ["window", "--window", "14", "--observed", "12", "--images", "64", "--repeats", "1"],
      ranks: 2)
    #expect(run.exitCode == 0)
    let lines = try lines(of: run)
    #expect(lines.count == 1)
    let line = try #require(lines.first)
    #expect(line["ranks"]?.int == 2)
    #expect(line["grid"]?.string == "1x2")
    let shares = try ["training", "validation", "estimation", "update"].map {
      try #require(line["\($0)_share"]?.double)
    }
    #expect(shares.allSatisfy { $0 > 0 })
    // Sums of clock readings inside the interval that they are a share of.
    #expect(shares.reduce(0, +) <= 1 + 1e-9)
    let kinds = try ["convolution", "product", "elementwise", "sums"].map {
      try #require(line["\($0)_share"]?.double)
    }
    #expect(kinds.allSatisfy { $0 > 0 })
    #expect(kinds.reduce(0, +) <= 1 + 1e-9)
  }

  @Test("memory stays what it is from the tenth window on")
  func memory() throws {
    let run = try MultiRankRun.run("glocal-bench", ["memory", "--windows", "24"], ranks: nil)
    #expect(run.exitCode == 0)
    let lines = try lines(of: run)
    #expect(lines.compactMap { $0["window"]?.int } == [10, 12, 24])
    let sizes = lines.compactMap { $0["resident_kilobytes"]?.int }
    try #require(sizes.count == 3)
    // One gradient jet of 250 kB lost in each of the 196 steps between would add 49 MB to some 45;
    // the allocator itself moves by a few hundred kB.
    #expect(sizes[0] > 0 && sizes[2] - sizes[0] <= 4000)
  }

  @Test("tapes of other networks are timed pass by pass")
  func tapes() throws {
    let run = try MultiRankRun.run(
      "glocal-bench", ["tape", "mlp-20-ln", "--examples", "3", "--repeats", "1"], ranks: nil)
    #expect(run.exitCode == 0)
    let lines = try lines(of: run)
    #expect(lines.map { $0["pass"]?.string } == ["gradient", "tangent"])
    for (line, products) in zip(lines, [3, 6]) {
      let seconds = try #require(line["seconds"]?.double)
      let gflops = try #require(line["gflops"]?.double)
      // The images need no gradient: the first layer has two products of three, and two of six.
      let first = 2 * 784 * 20 * 2
      let expected = Double(3 * (first + products * 2 * 20 * 10))
      // Two roundings, far below this.
      #expect(abs(seconds * gflops * 1e9 / expected - 1) <= 1e-12)
      let shares = try ["product", "normalization", "elementwise"].map {
        try #require(line["\($0)_share"]?.double)
      }
      #expect(shares.allSatisfy { $0 > 0 && $0 < 1 })
    }
  }

  @Test(
    "what cannot be measured is refused with a sentence",
    arguments: [
      (["window", "--observed", "3"], "observe at least 12"),
      (["window", "--observed", "60"], "60 observed steps do not fit into a window of 50"),
      (["window", "--grid", "2"], "must be auto or COLUMNSxDATA"),
      (["lenet", "plain", "--batch", "0"], "--batch must be at least 1, not 0."),
      (["lenet", "columns", "--columns", "4"], "--columns must be from 1 to 3, not 4."),
      (["wrn-15-2", "plain"], "'wrn-15-2' is invalid for '<network>'"),
      (["kernels", "wrn16"], "'wrn16' is invalid for '<network>'"),
      (["tape", "transformer-4-100-3"], "100 is not divisible by 3 heads"),
      (["tape", "mlp-5", "--examples", "0"], "--examples must be at least 1, not 0."),
      (["memory", "--windows", "9"], "--windows must be at least 10, not 9."),
    ])
  func refuses(arguments: [String], words: String) throws {
    let run = try MultiRankRun.run("glocal-bench", arguments, ranks: nil)
    #expect(run.exitCode != 0)
    #expect(run.output.isEmpty && run.errors.contains(words))
  }

  @Test("help names the network that a case takes by itself", arguments: ["window", "memory"])
  func help(command: String) throws {
    let run = try MultiRankRun.run("glocal-bench", [command, "--help"], ranks: nil)
    #expect(run.exitCode == 0)
    let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("such as wrn-16-2. (default: lenet)"))
  }

  private func lines(of run: MultiRankRun) throws -> [JSONValue] {
    try run.lines(beginning: "{").map { try JSONValue(parsing: $0.utf8) }
  }
}
