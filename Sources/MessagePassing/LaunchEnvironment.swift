/// What the environment says about how this process was started, before MPI is initialised.
///
/// MPI is started only under a launcher: without one, a program should neither need `mpirun`
/// installed nor pay the cost of a one-rank job.
public struct LaunchEnvironment: Sendable {
  /// What started the process.
  public enum Launcher: String, Sendable {
    /// No launcher: one rank, no MPI.
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

  /// Determines what started the process.
  ///
  /// - Throws: ``LaunchError`` if `srun` started several tasks without PMIx: each would be a
  ///   separate job, all writing the same files. Also in the batch shell of a job with several
  ///   tasks, where nothing has been started yet but a single rank is not what was intended.
  public func launcher() throws(LaunchError) -> Launcher {
    if variables["OMPI_COMM_WORLD_SIZE"] != nil { return .mpirun }
    if variables["PMIX_RANK"] != nil { return variables["SLURM_PROCID"] == nil ? .other : .srun }
    if let tasks = slurmTasks, tasks > 1, variables["SLURM_PROCID"] != nil {
      throw isBatchShell ? .batchShell(tasks: tasks) : .tasksApart(tasks: tasks)
    }
    return variables["PMI_RANK"] == nil ? .none : .other
  }

  /// Checks that the job MPI found is the one the launcher started.
  ///
  /// - Throws: ``LaunchError`` if a launcher started several processes and MPI sees only one of
  ///   them.
  func requireSize(_ size: Int) throws(LaunchError) {
    let names = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"]
    guard let meant = names.lazy.compactMap({ number($0) }).first, meant != size else { return }
    throw .otherLauncher(started: meant, found: size)
  }

  /// This process's rank according to the launcher; 0 without one.
  public var rank: Int {
    let names = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"]
    return names.lazy.compactMap { number($0) }.first ?? 0
  }

  /// The number of processes, if the launcher gives it; 1 without a launcher.
  public var size: Int? {
    guard isLaunched else { return 1 }
    let names = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"]
    return names.lazy.compactMap { number($0) }.first
  }

  /// The number of ranks on this host, if the launcher gives it; under Slurm, whose
  /// `SLURM_STEP_TASKS_PER_NODE` reads like `4(x2),3`, the largest number on any host.
  public var localSize: Int? {
    if let size = number("OMPI_COMM_WORLD_LOCAL_SIZE") { return size }
    guard let list = variables["SLURM_STEP_TASKS_PER_NODE"] else { return nil }
    return list.split(separator: ",").compactMap { Int($0.prefix { $0.isNumber }) }.max()
  }

  /// Whether this process was started by a Slurm batch script itself rather than by a launcher in
  /// it.
  public var isBatchShell: Bool {
    guard variables["SLURM_PROCID"] != nil, !isLaunched, number("SLURM_STEP_NUM_TASKS") == nil
    else { return false }
    // Slurm treats the script itself as a step, with an ID far above those of real steps.
    return number("SLURM_STEP_ID").map { $0 < 0 || $0 > 4_000_000_000 } ?? true
  }

  /// The number of tasks in this step; in the batch shell, which has no step, in the whole
  /// allocation.
  private var slurmTasks: Int? { number("SLURM_STEP_NUM_TASKS") ?? number("SLURM_NTASKS") }

  private func number(_ name: String) -> Int? { variables[name].flatMap { Int($0) } }
}
