import CMPI
import Glibc

extension LaunchEnvironment {
  /// Whether a launcher started this process, which must then not start ranks itself.
  public var isLaunched: Bool {
    ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"].contains { variables[$0] != nil }
  }
}

/// Starts `mpirun` with `ranks` ranks of this program on this host, and exits as they do.
///
/// `arguments` are those of each rank, without the program's name; omit the option that led here.
/// `environment` holds variables for the ranks; those the user has set take precedence.
///
/// This process waits until the job has ended, forwards its output and exits with its exit code.
/// SIGINT, SIGHUP, SIGTERM and SIGUSR1 are all forwarded to the ranks as SIGUSR1, which
/// ``StopSignal`` records there; a second one of the first three ends them immediately. This
/// includes the terminal's Ctrl-C, since mpirun itself would kill its ranks.
///
/// - Throws: ``LaunchError`` if the number of ranks is invalid, if a launcher has already started
///   this process, or if there is no `mpirun`.
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
  // Slots are counted in cores, and using more ranks than cores is a choice, not a mistake.
  setenv("OMPI_MCA_rmaps_base_oversubscribe", "1", 0)
  // The program's own line says what went wrong; mpirun need not add a paragraph.
  setenv("OMPI_MCA_orte_execute_quiet", "1", 0)
  if getuid() == 0 {
    // Running as root in a container: mpirun refuses without both variables. Anyone allowed to run
    // this program may run its ranks.
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

/// Ends this process the way its job ended.
private func end(as job: cmpi_job) -> Never {
  if job.was_ended != 0 { exit(128 + job.request) }
  // Ranks that do not yet handle the signal die of it: they had not reached their first line.
  if job.request != 0, job.exit_code == 128 + SIGUSR1 {
    endProcess(
      code: ExitCode.interrupted,
      message: "Stopped by a signal before the ranks had begun. Start again with the same command.")
  }
  // A reader that closed its pipe early, or a closed terminal, is not a failure.
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

/// The path of this program: not `/proc/self/exe`, which would be mpirun's daemon by the time it is
/// read.
private func ownPath() throws(LaunchError) -> String {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
  guard readlink("/proc/self/exe", &buffer, Int(PATH_MAX)) > 0 else {
    throw .unknownPath
  }
  return text(of: buffer)
}
