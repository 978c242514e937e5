/// What the environment says about who started this process, before MPI is asked.
///
/// MPI is started only under a launcher: alone, a program should neither need `mpirun` installed nor
/// pay for a one-rank job.
public struct LaunchEnvironment: Sendable {
  /// Who started the process.
  public enum Launcher: String, Sendable {
    /// Nobody: one rank, no MPI.
    case none
    /// Open MPI's `mpirun`.
    case mpirun
    /// Slurm's `srun --mpi=pmix`.
    case srun
    /// Another launcher that speaks PMIx or PMI.
    case other
  }

  let variables: [String: String]

  /// Reads the given variables; a program passes its own environment.
  public init(_ variables: [String: String]) { self.variables = variables }

  /// Who started the process.
  ///
  /// - Throws: ``LaunchError`` if `srun` started several tasks without PMIx: each would be a job of
  ///   its own, all writing the same files. So too in the batch shell of a job with several tasks,
  ///   where nothing was started yet but one rank is not what was meant.
  public func launcher() throws(LaunchError) -> Launcher {
    if variables["OMPI_COMM_WORLD_SIZE"] != nil { return .mpirun }
    if variables["PMIX_RANK"] != nil { return variables["SLURM_PROCID"] == nil ? .other : .srun }
    if let tasks = slurmTasks, tasks > 1, variables["SLURM_PROCID"] != nil {
      throw isBatchShell ? .batchShell(tasks: tasks) : .tasksApart(tasks: tasks)
    }
    return variables["PMI_RANK"] == nil ? .none : .other
  }

  /// Says whether the job that MPI found is the one the launcher meant.
  ///
  /// - Throws: ``LaunchError`` if a launcher started several processes and MPI sees one of them.
  func requireSize(_ size: Int) throws(LaunchError) {
    let names = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"]
    guard let meant = names.lazy.compactMap({ number($0) }).first, meant != size else { return }
    throw .otherLauncher(started: meant, found: size)
  }

  /// This process's number as the launcher counts, 0 where nobody counts.
  public var rank: Int {
    let names = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"]
    return names.lazy.compactMap { number($0) }.first ?? 0
  }

  /// The number of processes, if the launcher says it; 1 without a launcher.
  public var size: Int? {
    guard isLaunched else { return 1 }
    let names = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"]
    return names.lazy.compactMap { number($0) }.first
  }

  /// How many ranks run on this host, if the launcher says so: the largest number of any host under
  /// Slurm, whose `SLURM_STEP_TASKS_PER_NODE` reads like `4(x2),3`.
  public var localSize: Int? {
    if let size = number("OMPI_COMM_WORLD_LOCAL_SIZE") { return size }
    guard let list = variables["SLURM_STEP_TASKS_PER_NODE"] else { return nil }
    return list.split(separator: ",").compactMap { Int($0.prefix { $0.isNumber }) }.max()
  }

  /// Whether this process was started by a batch script of Slurm's itself, not by a launcher in it.
  public var isBatchShell: Bool {
    guard variables["SLURM_PROCID"] != nil, !isLaunched, number("SLURM_STEP_NUM_TASKS") == nil
    else { return false }
    // The script is itself a step to Slurm, with a number far above those of steps.
    return number("SLURM_STEP_ID").map { $0 < 0 || $0 > 4_000_000_000 } ?? true
  }

  /// Tasks of this step; in the batch shell, which has no step, of the whole allocation.
  private var slurmTasks: Int? { number("SLURM_STEP_NUM_TASKS") ?? number("SLURM_NTASKS") }

  private func number(_ name: String) -> Int? { variables[name].flatMap { Int($0) } }
}
