import Testing

@testable import Runs
@testable import Settings

@Suite("Starting several ranks")
struct LaunchTests {
  @Test(
    "the same arguments go to every rank, without --ranks",
    arguments: [
      (["glyphs", "--ranks", "8", "--quiet"], ["glyphs", "--quiet"]),
      (["--ranks=8"], []), (["--set", "seed=1", "--ranks", "4"], ["--set", "seed=1"]),
      (["--ranks", "2", "--ranks=3", "a"], ["a"]),
      (["--", "--ranks", "8"], ["--", "--ranks", "8"]),
    ])
  func arguments(given: [String], kept: [String]) {
    #expect(ProgramStart.withoutRanks(given) == kept)
  }

  @Test(
    "a configuration from a pipe reaches the ranks on standard input",
    arguments: [
      (["--config", "/dev/fd/63", "--quiet"], ["--config", "-", "--quiet"]),
      (["glyphs", "--config=/dev/stdin"], ["glyphs", "--config=-"]),
      (["--", "--config", "x"], ["--", "--config", "x"]),
    ])
  func standardInput(given: [String], kept: [String]) {
    #expect(ProgramStart.withStandardInput(given) == kept)
  }

  @Test("ranks asked for, launched and in the grid must agree")
  func agreement() throws {
    #expect(try RankCount.agreed(asked: nil, launched: nil, grid: .auto) == 1)
    #expect(try RankCount.agreed(asked: 8, launched: nil, grid: .auto) == 8)
    #expect(try RankCount.agreed(asked: nil, launched: 4, grid: .auto) == 4)
    #expect(
      try RankCount.agreed(asked: 4, launched: 4, grid: .fixed(columns: 2, data: 2)) == 4)
    for (asked, launched, grid) in [
      (0, nil, .auto), (-3, nil, .auto), (3, 4, .auto),
      (nil, 4, .fixed(columns: 3, data: 1)), (2, nil, .fixed(columns: 2, data: 2)),
      (nil, 1, .fixed(columns: 2, data: 1)),
    ] as [(Int?, Int?, Configuration.Parallel.Grid)] {
      #expect(throws: RunError.self) {
        try RankCount.agreed(asked: asked, launched: launched, grid: grid)
      }
    }
  }

  @Test("mpirun is looked for in PATH")
  func findsPrograms() {
    #expect(ProgramStart.executable("sh", path: "/nowhere::/bin:/usr/bin") == "/bin/sh")
    #expect(ProgramStart.executable("sh", path: "/nowhere") == nil)
    #expect(ProgramStart.executable("sh", path: "") == nil)
  }
}
