import CMPI
import Glibc

extension LaunchEnvironment {
  /// Whether a launcher started this process, so that it must not start ranks of its own.
  public var isLaunched: Bool {
    ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"].contains { variables[$0] != nil }
  }
}

/// Starts `mpirun` with `ranks` ranks of this program on this host, and ends as they do.
///
/// `arguments` are those of each rank, without the program's own name; leave
/// out the option that led here. `environment` holds variables for the ranks; what the user has set
/// stays.
///
/// This process stays until the job has ended, with the job's exit code and output. SIGINT, SIGHUP,
/// SIGTERM and SIGUSR1 all reach the ranks as SIGUSR1, which ``StopSignal`` notes there; the second of
/// the first three ends them at once. The terminal's Ctrl-C included: mpirun itself would kill its
/// ranks.
///
/// - Throws: ``LaunchError`` if the number of ranks makes no sense, if a launcher has started this
///   process already, or if there is no `mpirun`.
public func launchRanks(
  _ ranks: Int, arguments: [String], environment: [String: String] = [:]
) throws(LaunchError) -> Never {
  guard ranks >= 1, ranks <= Int(Int32.max) else {
    throw .rankCount(ranks)
  }
  guard !LaunchEnvironment.ofThisProcess.isLaunched else {
    throw .alreadyLaunched(wanted: ranks)
  }
  let program = try ownPath()
  for (name, value) in environment { setenv(name, value, 0) }
  // Slots are counted in cores, and more ranks than cores is a choice, not a mistake.
  setenv("OMPI_MCA_rmaps_base_oversubscribe", "1", 0)
  // The program's own line says what went wrong; mpirun need not add a paragraph.
  setenv("OMPI_MCA_orte_execute_quiet", "1", 0)
  if getuid() == 0 {
    // Root in a container: mpirun refuses unless told twice. Whoever may run us may run our ranks.
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 0)
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 0)
  }
  let command =
    ["mpirun", "--bind-to", "none", "-n", "\(ranks)", program] + arguments
  writeOut()
  var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
  words.append(nil)
  var job = cmpi_job()
  let code = cmpi_run_job(&words, &job)
  words.forEach { free($0) }
  guard code == 0 else { throw .noLauncher(code: code) }
  end(as: job)
}

/// Ends this process as its job has ended.
private func end(as job: cmpi_job) -> Never {
  if job.was_ended != 0 { exit(128 + job.request) }
  // Ranks that know no better die of the signal: they had not come to their first line yet.
  if job.request != 0, job.exit_code == 128 + SIGUSR1 {
    endProcess(
      code: ExitCode.interrupted,
      message: "Stopped by a signal before the ranks had begun. Start again with the same command.")
  }
  // A reader that has seen enough, or a terminal that is gone, is no failure.
  if job.exit_code == 0, ![0, EPIPE, EIO].contains(job.output_error) {
    let reason = String(cString: strerror(job.output_error))
    endProcess(
      code: ExitCode.failure,
      message:
        "cannot write standard output: \(reason). The ranks have finished, and their "
        + "results are where they always are.")
  }
  exit(job.exit_code)
}

/// Where this program is: not `/proc/self/exe`, which would be mpirun's daemon by the time it is read.
private func ownPath() throws(LaunchError) -> String {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
  guard readlink("/proc/self/exe", &buffer, Int(PATH_MAX)) > 0 else {
    throw .unknownPath
  }
  return text(of: buffer)
}
