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
}
