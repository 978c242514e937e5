/// How `--ranks N` starts the program again under `mpirun`.
public struct SelfLaunch: Equatable, Sendable {
  /// The command: the launcher's path, its options, the program and its arguments.
  public let command: [String]
  /// The environment variables to set first.
  public let environment: [String: String]

  /// Plans the start of several ranks on this machine.
  ///
  /// - Parameters:
  ///   - ranks: how many, from 2.
  ///   - launcher: the path of `mpirun`.
  ///   - program: the path of this program.
  ///   - arguments: this program's arguments, without its name; `--ranks` is taken out.
  ///   - machine: what the ranks will share.
  ///   - threads: the threads of each rank in BLAS and oneDNN.
  public init(
    ranks: Int, launcher: String, program: String, arguments: [String], machine: Machine,
    threads: Int
  ) {
    command =
      [launcher, "--oversubscribe", "--bind-to", "none", "-n", String(ranks), program]
      + Self.withoutRanks(arguments)
    var wanted = [
      // The libraries read these when they are loaded.
      "OMP_NUM_THREADS": String(threads),
      "OPENBLAS_NUM_THREADS": String(threads),
      // Ranks write to a pseudo-terminal of mpirun's, wherever mpirun itself writes to.
      "GLOCAL_TERMINAL": machine.hasTerminal ? "1" : "0",
    ]
    if machine.isRoot {
      // mpirun asks for both before it starts anything as root.
      wanted["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
      wanted["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    }
    if ranks > machine.cores {
      // A waiting rank that keeps its core makes a small collective a thousand times slower.
      wanted["OMPI_MCA_mpi_yield_when_idle"] = "1"
    }
    environment = wanted.filter { machine.environment[$0.key] == nil }
  }

  /// What the ranks will share.
  public struct Machine: Equatable, Sendable {
    /// The cores that they may use.
    public var cores: Int
    /// Whether the user is root.
    public var isRoot: Bool
    /// Whether standard output is a terminal.
    public var hasTerminal: Bool
    /// The environment; what the user has set there stays.
    public var environment: [String: String]

    /// A machine.
    public init(cores: Int, isRoot: Bool, hasTerminal: Bool, environment: [String: String]) {
      self.cores = cores
      self.isRoot = isRoot
      self.hasTerminal = hasTerminal
      self.environment = environment
    }
  }

  /// The arguments without `--ranks N` and `--ranks=N`.
  static func withoutRanks(_ arguments: [String]) -> [String] {
    var kept: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      // What follows a bare `--` is no option.
      if argument == "--" { return kept + [argument] + rest }
      if argument == "--ranks" {
        rest = rest.dropFirst()
      } else if !argument.hasPrefix("--ranks=") {
        kept.append(argument)
      }
    }
    return kept
  }
}
