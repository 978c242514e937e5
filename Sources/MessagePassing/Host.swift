import Glibc

extension LaunchEnvironment {
  /// The environment of this process.
  public static var ofThisProcess: LaunchEnvironment {
    let names = [
      "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE", "PMIX_RANK",
      "PMI_RANK", "PMI_SIZE", "SLURM_PROCID", "SLURM_NTASKS", "SLURM_STEP_NUM_TASKS",
      "SLURM_STEP_TASKS_PER_NODE",
    ]
    var variables: [String: String] = [:]
    for name in names {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    return LaunchEnvironment(variables)
  }
}

/// The number of cores that all ranks of this host may use together, at least 1.
///
/// Not this process's affinity: `mpirun` binds each rank to its own core.
public func usableCores() -> Int {
  let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  return min(online, coreQuota() ?? online)
}

/// The container's CPU quota in cores (`cpu.max` of cgroups v2), rounded up; nil if unlimited.
private func coreQuota() -> Int? {
  guard let file = fopen("/sys/fs/cgroup/cpu.max", "r") else { return nil }
  defer { fclose(file) }
  var buffer = [CChar](repeating: 0, count: 64)
  guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
  return quota(fromCPUMax: text(of: buffer))
}

/// Parses `QUOTA PERIOD` in microseconds, or `max PERIOD`.
func quota(fromCPUMax line: String) -> Int? {
  let words = line.split { $0 == " " || $0 == "\n" }
  guard words.count == 2, let quota = Int(words[0]), let period = Int(words[1]), period > 0
  else { return nil }
  return max(1, (quota + period - 1) / period)
}
