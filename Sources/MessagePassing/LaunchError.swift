import Glibc

/// A program start that cannot form a job.
public enum LaunchError: Error, Equatable {
  /// A Slurm job's batch shell started one process although the job has several tasks.
  case batchShell(tasks: Int)
  /// One of several Slurm tasks that cannot reach the others.
  case tasksApart(tasks: Int)
  /// The launcher started several processes, but MPI sees only one of them.
  case otherLauncher(started: Int, found: Int)
  /// `MPI_Init` failed.
  case initialization(code: Int32)
  /// An invalid number of ranks.
  case rankCount(Int)
  /// A process that is itself a launcher's rank was asked to start ranks.
  case alreadyLaunched(wanted: Int)
  /// `mpirun` could not be started; `code` is the system error number (`errno`).
  case noLauncher(code: Int32)
  /// The system does not report the path of this program.
  case unknownPath
}

extension LaunchError: CustomStringConvertible {
  /// One sentence with the problem and its remedy.
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
