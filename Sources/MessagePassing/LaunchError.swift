import Glibc

/// A program start that cannot become a job.
public enum LaunchError: Error, Equatable {
  /// A Slurm job's batch shell, which started one process where the job has several tasks.
  case batchShell(tasks: Int)
  /// One of Slurm's several tasks, which has no way to reach the others.
  case tasksApart(tasks: Int)
  /// The launcher started several processes, and MPI sees one of them.
  case otherLauncher(started: Int, found: Int)
  /// `MPI_Init` failed.
  case initialization(code: Int32)
  /// So many ranks make no job.
  case rankCount(Int)
  /// Ranks were to be started by a process that is a launcher's rank itself.
  case alreadyLaunched(wanted: Int)
  /// `mpirun` cannot be started, with the system's error number (`errno`).
  case noLauncher(code: Int32)
  /// The system does not tell where this program's file is.
  case unknownPath
}

extension LaunchError: CustomStringConvertible {
  /// One sentence and the remedy.
  public var description: String {
    switch self {
    case .batchShell(let tasks):
      "this is the batch shell of a Slurm job with \(tasks) tasks; start the ranks with "
        + "`srun --mpi=pmix` or with `mpirun`, or one alone with `srun --ntasks=1`"
    case .tasksApart(let tasks):
      "Slurm has \(tasks) tasks for this step, but this process cannot reach the others; "
        + "start it with `srun --mpi=pmix`, with `mpirun`, or alone with `srun --ntasks=1`"
    case .otherLauncher(let started, let found):
      "the launcher started \(started) ranks but MPI sees \(found); "
        + "use the mpirun of the Open MPI that this program is linked to"
    case .initialization(let code):
      "MPI_Init failed with code \(code); `mpirun -n 2 hostname` tells whether the MPI installation "
        + "works"
    case .rankCount(let ranks): "\(ranks) ranks make no job; ask for 1 or more"
    case .alreadyLaunched(let wanted):
      "a launcher has started this process already; give the number of ranks to the launcher instead "
        + "(`mpirun -n \(wanted)`)"
    case .noLauncher(let code):
      "mpirun cannot be started (\(String(cString: strerror(code)))); install Open MPI (Debian: "
        + "openmpi-bin)"
    case .unknownPath: "the program cannot find itself; start it with `mpirun` instead"
    }
  }
}
