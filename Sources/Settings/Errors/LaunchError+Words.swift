import MessagePassing

extension LaunchError: WordedError {
  package var sentence: String {
    switch self {
    case .batchShell(let tasks):
      "this is the batch shell of a Slurm job with \(tasks) tasks; start the ranks with "
        + "`srun --mpi=pmix`, with `mpirun` or with `--ranks N`, or one alone with "
        + "`srun --ntasks=1`"
    case .noLauncher: "\(self) or run without `--ranks`"
    case .tasksApart, .otherLauncher, .initialization, .rankCount, .alreadyLaunched, .unknownPath:
      "\(self)"
    }
  }
}
