/// What the environment says about the launcher, before MPI starts.
///
/// It decides who may speak: under `mpirun` every rank sees the same misspelt option, and one
/// message is enough.
public struct LauncherEnvironment: Equatable, Sendable {
  /// The environment variables.
  public let variables: [String: String]

  /// Reads the given variables.
  public init(_ variables: [String: String]) { self.variables = variables }

  /// Whether `mpirun`, `srun --mpi=pmix` or another launcher started this process.
  public var isLaunched: Bool {
    ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"].contains { variables[$0] != nil }
  }

  /// This process among all; 0 without a launcher.
  public var rank: Int {
    number(["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"]) ?? 0
  }

  /// The number of processes, if the launcher says it; 1 without a launcher.
  public var size: Int? {
    isLaunched ? number(["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"]) : 1
  }

  /// The processes on this host, if the launcher says it; 1 without a launcher.
  public var localSize: Int? {
    isLaunched ? number(["OMPI_COMM_WORLD_LOCAL_SIZE"]) : 1
  }

  /// Whether this process is the one that prints.
  public var isRoot: Bool { rank == 0 }

  private func number(_ names: [String]) -> Int? {
    names.lazy.compactMap { variables[$0].flatMap { Int($0) } }.first
  }
}
