import Testing

@testable import MessagePassing

@Suite struct LaunchEnvironmentTests {
  private func launcher(_ variables: [String: String]) throws -> LaunchEnvironment.Launcher {
    try LaunchEnvironment(variables).launcher()
  }

  @Test func aLauncherIsRecognized() throws {
    #expect(try launcher([:]) == .none)
    #expect(try launcher(["OMPI_COMM_WORLD_SIZE": "1", "PMIX_RANK": "0"]) == .mpirun)
    #expect(try launcher(["PMIX_RANK": "0", "SLURM_PROCID": "0", "SLURM_NTASKS": "4"]) == .srun)
    #expect(try launcher(["PMIX_RANK": "0"]) == .other)
    #expect(try launcher(["PMI_RANK": "0", "PMI_SIZE": "2"]) == .other)
    // mpirun inside an allocation.
    #expect(
      try launcher(["OMPI_COMM_WORLD_SIZE": "4", "SLURM_PROCID": "0", "SLURM_NTASKS": "4"])
        == .mpirun)
    // One task needs nobody.
    #expect(try launcher(["SLURM_PROCID": "0", "SLURM_NTASKS": "1"]) == .none)
    #expect(
      try launcher(["SLURM_PROCID": "0", "SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "1"])
        == .none)
  }

  @Test(arguments: [[:], ["PMI_RANK": "1"]])
  func slurmWithoutPMIxIsRefused(more: [String: String]) throws {
    let variables = ["SLURM_PROCID": "1", "SLURM_NTASKS": "4"].merging(more) { $1 }
    let error = try #require(throws: LaunchError.self) { try launcher(variables) }
    #expect(error.description.contains("--mpi=pmix"))
    #expect(error.description.contains("4 tasks"))
  }

  @Test func theBatchShellIsToldApart() throws {
    let shell = LaunchEnvironment(["SLURM_PROCID": "0", "SLURM_NTASKS": "4"])
    #expect(shell.isBatchShell)
    let error = try #require(throws: LaunchError.self) { try shell.launcher() }
    #expect(error.description.hasPrefix("this is the batch shell of a Slurm job with 4 tasks"))
    #expect(
      LaunchEnvironment(["SLURM_PROCID": "0", "SLURM_STEP_ID": "4294967291"]).isBatchShell)
    let others: [[String: String]] = [
      ["SLURM_PROCID": "0", "SLURM_STEP_ID": "0"],
      [:], ["SLURM_PROCID": "0", "SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "4"],
      ["SLURM_PROCID": "0", "SLURM_NTASKS": "4", "OMPI_COMM_WORLD_SIZE": "4"],
      ["SLURM_PROCID": "0", "PMIX_RANK": "0"],
    ]
    for variables in others { #expect(!LaunchEnvironment(variables).isBatchShell, "\(variables)") }
  }

  @Test func jobsThatFallApartAreRefused() throws {
    try LaunchEnvironment([:]).requireSize(1)
    try LaunchEnvironment(["OMPI_COMM_WORLD_SIZE": "4"]).requireSize(4)
    #expect(throws: LaunchError.self) { try LaunchEnvironment(["PMI_SIZE": "4"]).requireSize(1) }
  }

  @Test func rankAndSizeAreRead() {
    let cases: [([String: String], Bool, Int, Int?)] = [
      ([:], false, 0, 1),
      (["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3"], true, 3, 4),
      (["PMIX_RANK": "2", "SLURM_STEP_NUM_TASKS": "5"], true, 2, 5),
      (["PMI_RANK": "1", "PMI_SIZE": "2"], true, 1, 2), (["PMIX_RANK": "1"], true, 1, nil),
    ]
    for (variables, isLaunched, rank, size) in cases {
      let environment = LaunchEnvironment(variables)
      #expect(environment.isLaunched == isLaunched, "\(variables)")
      #expect(environment.rank == rank && environment.size == size, "\(variables)")
    }
  }

  @Test func localSizesAreRead() {
    #expect(LaunchEnvironment([:]).localSize == nil)
    #expect(LaunchEnvironment(["OMPI_COMM_WORLD_LOCAL_SIZE": "8"]).localSize == 8)
    let lists = ["4": 4, "4(x2),3": 4, "2,16(x10),3": 16]
    for (list, size) in lists {
      #expect(LaunchEnvironment(["SLURM_STEP_TASKS_PER_NODE": list]).localSize == size)
    }
  }

  @Test func containerQuotasAreRead() {
    #expect(quota(fromCPUMax: "max 100000\n") == nil)
    #expect(quota(fromCPUMax: "200000 100000\n") == 2)
    #expect(quota(fromCPUMax: "150000 100000\n") == 2)
    #expect(quota(fromCPUMax: "1000 100000\n") == 1)
    #expect(quota(fromCPUMax: "") == nil)
    #expect(usableCores() >= 1)
  }
}
