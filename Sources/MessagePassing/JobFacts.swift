/// Facts about the job, for `doctor` and the run's summary.
public struct JobFacts: Sendable, Equatable {
  /// What started the program.
  public var launcher: LaunchEnvironment.Launcher
  /// Name and version of the MPI library, such as `Open MPI v4.1.4`; `none` without MPI.
  public var library: String
  /// Version of the MPI standard, such as `3.1`; empty without MPI.
  public var standard: String
  /// MPI's thread support level: `single`, `funneled`, `serialized` or `multiple`.
  public var threadLevel: String
  /// The host of this rank.
  public var host: String
  /// This rank's index among the ranks of its host.
  public var localRank: Int
  /// The number of ranks on this host.
  public var localSize: Int
  /// The number of processor cores available to them.
  public var cores: Int
  /// Whether waiting ranks yield their core, which they must when `localSize > cores`.
  public var yieldsWhenIdle: Bool

  /// Whether ranks of this host share cores.
  public var isOversubscribed: Bool { localSize > cores }

  static func serial(cores: Int) -> JobFacts {
    JobFacts(
      launcher: .none, library: "none", standard: "", threadLevel: "single", host: hostName(),
      localRank: 0, localSize: 1, cores: cores, yieldsWhenIdle: false)
  }
}
