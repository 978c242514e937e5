import Foundation
import MultiRankTesting
import TestSupport
import Testing

extension ResultTests {
  /// What commands that want a run make of the folder of a search.
  @Suite("The folder of a search") struct SearchFolders {
    @Test("has a page, exports its best run, and is no run to go on with")
    func commands() throws {
      let search = try TinyTrials(["search", "--trials", "3", "--rungs", "2"])
      #expect(try search.run(ranks: nil).exitCode == 0)
      let before = try search.results()
      let report = try ProgramUnderTest.run(["report", search.path])
      #expect(report.exitCode == 0 && report.errors.isEmpty, "\(report.errors)")
      let page = try String(contentsOfFile: "\(search.path)/report.html", encoding: .utf8)
      #expect(
        page.contains("<h3>Parallel coordinates</h3>") && page.contains("3 trials: 1 finished"))
      let export = try ProgramUnderTest.run(["export", search.path, "--schedule", "csv"])
      #expect(export.exitCode == 0 && export.errors.contains("its best run, \(search.path)/best"))
      let best = try ProgramUnderTest.run(["export", "\(search.path)/best", "--schedule", "csv"])
      #expect(best.errors.isEmpty && best.output == export.output)
      #expect(export.output.hasPrefix("first_step,last_step,"))
      for command in [
        ["replay", search.path], ["resume", search.path],
        ["report", "\(search.path)/best", search.path],
        ["run", "glyphs", "--output", search.path, "--resume"],
      ] {
        let refused = try ProgramUnderTest.run(command)
        #expect(refused.exitCode == 64 && refused.output.isEmpty, "\(command) \(refused.output)")
        #expect(
          refused.errors.contains("holds a search or a comparison")
            && refused.errors.contains("trials/001"), "\(refused.errors)")
      }
      #expect(try search.results() == before)
      try FileManager.default.removeItem(atPath: "\(search.path)/best")
      let none = try ProgramUnderTest.run(["export", search.path, "--schedule", "csv"])
      #expect(none.exitCode == 64 && none.errors.contains("without a best run"), "\(none.errors)")
    }
  }
}
