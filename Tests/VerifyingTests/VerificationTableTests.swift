import DynamicModes
import Foundation
import TestSupport
import Testing

@testable import Hypergradients
@testable import Verifying

/// What `verify` shows of made-up answers.
@Suite struct VerificationTables {
  /// Four windows with the truth (1, −1, 1); the family carried by 0.8 is right more often.
  private func verification(
    preset: String = "glyphs", decays: [Carry] = [0, 0.5, 0.8, 0.9, 0.97, 1],
    settings: [String] = []
  ) throws -> Verification {
    let configuration = try configuration(
      ["window.carry=0.8", "estimator=tail-mean"] + settings)
    let names = ["learning-rate", "momentum", "weight-decay"]
    let hyperparameters = configuration.startingHyperparameters(
      layers: [], loss: [], lossNames: [])
    let windows = (1...4).map { window in
      let families = decays.enumerated().map { place, decay in
        let sign = decay == 0.8 || window <= place ? 1.0 : -1.0
        let rows = (0..<20).flatMap { row in [sign, -sign, 0.5 + 0.01 * Double(row)] }
        return VerifiedWindow.Family(
          decay: decay, trajectory: rows,
          answers: FamilyAnswers(
            trajectory: rows, count: 3, settings: configuration.dmd, horizon: 100))
      }
      return VerifiedWindow(
        window: window, steps: 50 * window - 49...50 * window, end: 400,
        hyperparameters: hyperparameters, finalLoss: 0.3, families: families,
        truth: GlobalHypergradient(steps: [1, -1, 1, 1.1, -1.1, 1.2], count: 3),
        mappedCosine: nil, differences: window == 1 ? [.init(entry: 0, value: 1.05)] : [])
    }
    return Verification(
      preset: preset, configuration: configuration,
      settings: VerificationSettings(windows: [1, 2, 3, 4]), names: names, decays: decays,
      runs: [VerifiedRun(seed: 3, windows: windows)])
  }

  @Test("no line is wider than 80 columns, and what is left out is named")
  func width() throws {
    let table = try verification().table(columns: 80)
    #expect(table.allSatisfy { $0.count <= 80 }, "\(table.joined(separator: "\n"))")
    #expect(table.contains { $0.hasPrefix("only in verify.json: 10 more rows, ") })
    let wide = try verification().table(columns: 200)
    #expect(wide.contains { $0.hasSuffix("lr %  momentum %  wd %  fallbacks") })
    #expect(wide.contains("only in verify.json: 10 more rows"))
  }

  @Test("the most right signs stand first; best and own are marked")
  func order() throws {
    let verification = try verification()
    let shares = verification.ranking.compactMap { $0.clearSigns.share }
    #expect(shares.count == 30 && zip(shares, shares.dropFirst()).allSatisfy(>=))
    #expect(shares[0] == 1 && shares[29] == 1.0 / 3)
    let table = verification.table(columns: 80)
    let start = try #require(table.firstIndex { $0.contains("estimator") })
    #expect(table[start + 1].hasPrefix("*"))
    let own = table.filter { $0.prefix(2).contains(">") && $0.contains("tail-mean") }
    #expect(own.count == 1 && own[0].contains("0.8"))
  }

  @Test("the row of what the configuration asks for is there although it is the last")
  func ownAtTheEnd() throws {
    let verification = try verification(settings: ["window.carry=0", "estimator=dmd"])
    let table = verification.table(columns: 80)
    #expect(table.contains { $0.hasPrefix(">") && $0.contains("reset") && $0.contains("dmd") })
  }

  @Test("the script has one legend, a line at chance, bars within their scales, and any name")
  func script() throws {
    let script = VerificationPlot(verification: try verification(preset: "a'b\"`c`@d\n%")).script
    #expect(script.components(separatedBy: "title \"tail-mean\"").count == 2)
    #expect(script.contains("plot 50.0 with lines"))
    #expect(script.contains("noenhanced") && !script.contains("`") && !script.contains("a'b"))
    for line in script.split(separator: "\n") where line.first?.isNumber == true {
      let numbers = line.split(separator: " ").compactMap { Double($0) }
      guard numbers.count == 10 else { continue }
      #expect(numbers[1...3].allSatisfy { (-1...1).contains($0) }, "\(line)")
      #expect(numbers[4...6].allSatisfy { (0...100).contains($0) }, "\(line)")
    }
  }

  @Test(
    "gnuplot draws it whatever the preset is called",
    .enabled(if: GnuplotFixture.isThere, "gnuplot is not installed"))
  func draws() throws {
    for preset in ["'", "a\\b {c}_d^e @f", "\"", "`date`", "%s %d", "ä\u{1}\n"] {
      let folder = try TemporaryFolder()
      let outcome = try VerificationPlot(verification: try verification(preset: preset))
        .draw(in: folder.path)
      #expect(outcome == "picture: \(folder.path)/verify.svg", "\(preset)")
      let check = "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])"
      let parsed = try Command.run("python3", "-c", check, folder.path("verify.svg"))
      #expect(parsed.status == 0, "\(preset): \(parsed.output)")
    }
  }

  @Test("the share done grows with every training, to 1")
  func work() {
    let tuning = TuningSettings(
      method: .glocal, steps: 100, window: 10, observed: 5, estimator: .tailMean)
    let settings = VerificationSettings(
      windows: [1, 2], decays: [1], observed: 5, horizon: 50, average: 5, differences: 1)
    var work = VerificationWork(settings, tuning, count: 3, families: 2, runs: 1)
    #expect(work.share == 0)
    var shares: [Double] = []
    // Run: 20 steps of 13 passes; truths: 2 × 40 steps of 7; differences: 6 × 50 steps of 1.
    for (kind, window, steps) in [
      (VerifierActivity.Kind.run, 1, 10), (.truth, 1, 40), (.difference(1, of: 6), 1, 50),
      (.difference(2, of: 6), 1, 50), (.difference(3, of: 6), 1, 50),
      (.difference(4, of: 6), 1, 50), (.difference(5, of: 6), 1, 50),
      (.difference(6, of: 6), 1, 50), (.run, 2, 10), (.truth, 2, 40),
    ] {
      let activity = VerifierActivity(kind: kind, window: window, steps: steps)
      work.reach(steps / 2, of: activity)
      shares.append(work.share)
      work.finish(activity)
      shares.append(work.share)
    }
    #expect(zip(shares, shares.dropFirst()).allSatisfy(<))
    #expect(abs(shares[1] - 130 / 1120) < 1e-12 && abs(shares[19] - 1) < 1e-12)
  }
}
