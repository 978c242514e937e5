import Testing

@testable import Experiments

@Suite("Starting several ranks")
struct LaunchTests {
  static func machine(
    cores: Int = 2, isRoot: Bool = false, environment: [String: String] = [:]
  ) -> SelfLaunch.Machine {
    SelfLaunch.Machine(
      cores: cores, isRoot: isRoot, hasTerminal: false, environment: environment)
  }

  static func launch(
    _ ranks: Int, _ arguments: [String] = [], on machine: SelfLaunch.Machine, threads: Int = 1
  ) -> SelfLaunch {
    SelfLaunch(
      ranks: ranks, launcher: "/usr/bin/mpirun", program: "/opt/glocal-dist",
      arguments: arguments, machine: machine, threads: threads)
  }

  @Test(
    "the same arguments go to every rank, without --ranks",
    arguments: [
      (["glyphs", "--ranks", "8", "--quiet"], ["glyphs", "--quiet"]),
      (["--ranks=8"], []), (["--set", "seed=1", "--ranks", "4"], ["--set", "seed=1"]),
      (["--ranks", "2", "--ranks=3", "a"], ["a"]),
      (["--", "--ranks", "8"], ["--", "--ranks", "8"]),
    ])
  func arguments(given: [String], kept: [String]) {
    let launch = Self.launch(8, given, on: Self.machine())
    #expect(
      launch.command
        == [
          "/usr/bin/mpirun", "--oversubscribe", "--bind-to", "none", "-n", "8", "/opt/glocal-dist",
        ]
        + kept)
  }

  @Test("ranks yield only where they share cores")
  func yields() {
    let name = "OMPI_MCA_mpi_yield_when_idle"
    #expect(Self.launch(8, on: Self.machine(cores: 2)).environment[name] == "1")
    #expect(Self.launch(2, on: Self.machine(cores: 2)).environment[name] == nil)
  }

  @Test("root is allowed only where the user is root")
  func root() {
    let names = ["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]
    let asRoot = Self.launch(2, on: Self.machine(isRoot: true)).environment
    let asUser = Self.launch(2, on: Self.machine()).environment
    #expect(names.allSatisfy { asRoot[$0] == "1" } && names.allSatisfy { asUser[$0] == nil })
  }

  @Test("what the user has set stays")
  func keepsEnvironment() {
    let set = ["OMP_NUM_THREADS": "4", "OMPI_MCA_mpi_yield_when_idle": "0"]
    let launch = Self.launch(8, on: Self.machine(environment: set), threads: 2)
    #expect(launch.environment["OMP_NUM_THREADS"] == nil)
    #expect(launch.environment["OMPI_MCA_mpi_yield_when_idle"] == nil)
    #expect(launch.environment["OPENBLAS_NUM_THREADS"] == "2")
  }

  @Test(
    "the launcher's variables name rank and size",
    arguments: [
      ([:], false, 0, 1),
      (["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3"], true, 3, 4),
      (["PMIX_RANK": "2", "SLURM_STEP_NUM_TASKS": "5"], true, 2, 5),
      (["PMI_RANK": "1", "PMI_SIZE": "2"], true, 1, 2), (["PMIX_RANK": "1"], true, 1, nil),
      (["SLURM_NTASKS": "4", "SLURM_PROCID": "1"], false, 0, 1),
    ] as [([String: String], Bool, Int, Int?)])
  func reads(variables: [String: String], isLaunched: Bool, rank: Int, size: Int?) {
    let environment = LauncherEnvironment(variables)
    #expect(environment.isLaunched == isLaunched)
    #expect(environment.rank == rank && environment.size == size)
  }

  @Test("ranks asked for, launched and in the grid must agree")
  func agreement() throws {
    let alone = LauncherEnvironment([:])
    let four = LauncherEnvironment(["OMPI_COMM_WORLD_SIZE": "4"])
    let untold = LauncherEnvironment(["PMIX_RANK": "0"])
    #expect(try RankCount.agreed(asked: nil, launched: alone, grid: .auto) == 1)
    #expect(try RankCount.agreed(asked: 8, launched: alone, grid: .auto) == 8)
    #expect(try RankCount.agreed(asked: nil, launched: four, grid: .auto) == 4)
    #expect(
      try RankCount.agreed(asked: 4, launched: four, grid: .fixed(columns: 2, data: 2)) == 4)
    #expect(
      try RankCount.agreed(asked: nil, launched: untold, grid: .fixed(columns: 9, data: 2)) == nil)
    for (asked, launched, grid) in [
      (0, alone, .auto), (-3, alone, .auto), (3, four, .auto),
      (nil, four, .fixed(columns: 3, data: 1)), (2, alone, .fixed(columns: 2, data: 2)),
    ] as [(Int?, LauncherEnvironment, Configuration.Parallel.Grid)] {
      #expect(throws: LaunchProblem.self) {
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
