import Glibc
import MultiRankTesting
import TestSupport
import Testing

/// The examples for those who build on the libraries run, and come to what they are meant to show.
@Suite("Snippets") struct SnippetTests {
  @Test("ridge regression: the tuned weight decay leads to a lower loss")
  func ridge() throws {
    let run = try MultiRankRun.run("RidgeRegression", [], ranks: nil)
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    // "window 4: validation loss 3.2, decay 0.003"
    let windows = run.lines(beginning: "window ").map { line in
      line.replacing(",", with: "").split(separator: " ").compactMap { Double($0) }
    }
    try #require(windows.count == 20 && windows.allSatisfy { $0.count == 2 }, "\(run.output)")
    // It began at 0.001.
    #expect(windows[19][1] >= 0.01 && windows[19][0] < windows[0][0], "\(run.output)")
  }

  @Test("Hankel DMD finds the limit of a recorded trajectory")
  func modes() throws {
    let run = try MultiRankRun.run("HankelModes", [], ranks: nil)
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    let answer = try #require(run.lines(beginning: "dmd [").first)
    let limit = answer.dropFirst(5).dropLast().split(separator: ", ").compactMap { Double($0) }
    #expect(limit.count == 2 && abs(limit[0] - 3) <= 1e-6 && abs(limit[1] + 1) <= 1e-6, "\(answer)")
  }

  @Test("an optimizer of one's own: both modes agree with differences of a plain loop")
  func optimizer() throws {
    let run = try MultiRankRun.run("OwnOptimizer", [], ranks: nil)
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    // "forward 1: 0.03 [-0.1, 0.002]": the validation loss, and h along log lr and log wd.
    let windows = Dictionary(
      grouping: run.output.split(separator: "\n").map { $0.split(separator: " ") },
      by: { $0.first ?? "" }
    ).mapValues { lines in lines.map { $0.dropFirst(2).map(Self.number) } }
    let forward = try #require(windows["forward"])
    let reverse = try #require(windows["reverse"])
    try #require(forward.count == 20 && reverse.count == 20, "\(run.output)")
    try #require((forward + reverse).allSatisfy { $0.count == 3 }, "\(run.output)")

    let (rate, decay) = (log(0.05), log(0.01))
    let loss = Self.lossAfterSlowingDescent(rate, decay)
    // Sums in another order.
    #expect(abs(forward[0][0] - loss) <= 1e-14, "\(forward[0][0]) for \(loss)")
    let step = 1e-5
    let differences = [(step, 0.0), (0, step)].map { (byRate, byDecay) in
      (Self.lossAfterSlowingDescent(rate + byRate, decay + byDecay)
        - Self.lossAfterSlowingDescent(rate - byRate, decay - byDecay)) / (2 * step)
    }
    for (column, difference) in differences.enumerated() {
      // Losses of 0.1 rounded to 1e-17, over 2e-5; the third derivatives times 1e-10.
      let tolerance = 1e-10 + 1e-7 * abs(difference)
      #expect(abs(forward[0][1 + column] - difference) <= tolerance, "\(forward[0]) \(differences)")
      #expect(abs(difference) >= 1e-5, "a derivative to tell from none: \(differences)")
    }
    for (one, other) in zip(forward, reverse) {
      for (a, b) in zip(one, other) {
        // The same products in another order, and what tuning has made of their last bits.
        #expect(abs(a - b) <= 1e-10, "\(one) forward, \(other) in reverse")
      }
    }
    #expect(forward[19][0] <= 0.5 * forward[0][0], "\(run.output)")
  }

  /// L̃ after the first window of `OwnOptimizer`, written down once more.
  private static func lossAfterSlowingDescent(_ logRate: Double, _ logDecay: Double) -> Double {
    var theta = [1.5, 1.5, 1.5]
    for t in 0..<20 {
      let rate = exp(logRate) / (1 + 0.1 * Double(t))
      for i in 0..<3 {
        let gradient = Double(i + 1) * theta[i] * theta[i] * theta[i] - 1
        theta[i] -= rate * (gradient + exp(logDecay) * theta[i])
      }
    }
    return theta.reduce(0) { $0 + 0.5 * ($1 - 0.6) * ($1 - 0.6) }
  }

  @Test("an operation of one's own: the hypergradient agrees with differences, and tuning helps")
  func operation() throws {
    let run = try MultiRankRun.run("OwnOperation", [], ranks: nil)
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    let rows = ["hypergradient ", "differences "].map { beginning in
      run.lines(beginning: beginning).first?.split(separator: " ").dropFirst().map(Self.number)
        ?? []
    }
    try #require(rows.allSatisfy { $0.count == 3 }, "\(run.output)")
    for (own, difference) in zip(rows[0], rows[1]) {
      // Third derivatives times 1e-8/6, and losses of about 1 rounded to 1e-16, over 2e-4.
      #expect(abs(own - difference) <= 1e-10 + 1e-6 * abs(difference), "\(rows)")
      #expect(abs(difference) >= 1e-6, "a derivative to tell from none: \(rows)")
    }
    let losses = run.lines(beginning: "window ").compactMap {
      $0.split(separator: " ").last.flatMap { Double($0) }
    }
    try #require(losses.count == 40, "\(run.output)")
    #expect(losses[39] <= 0.5 * losses[0], "\(run.output)")
  }

  /// A number with a bracket or a comma beside it.
  private static func number(_ text: Substring) -> Double {
    Double(text.filter { !"[],".contains($0) }) ?? .nan
  }
}
