import ArgumentParser
import Differentiation
import MessagePassing
import Tensors

/// `glocal-bench NETWORK plain|columns|validation`: the times of a window's parts on a single rank.
struct PartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "part",
    abstract: "One inner step, plain or with columns, or one validation gradient (the default).",
    discussion: """
      After the timing, which nothing disturbs, some more runs are timed operation by operation:
      the shares are of their time, and the convolutions' speed stands beside that of the same
      kernels called alone, with their operands in the cache.
      """)

  enum Part: String, CaseIterable, ExpressibleByArgument {
    case plain, columns, validation
  }

  @OptionGroup var named: NetworkArgument

  @Argument(help: "What to time.")
  var part: Part

  @Option(help: ArgumentHelp("Images that go through the network together.", valueName: "N"))
  var shard = 16

  @Option(help: ArgumentHelp("Images of a minibatch.", valueName: "N"))
  var batch = 128

  @Option(
    help: ArgumentHelp(
      "Tuned hyperparameters of the case columns, 1 to 3; 3 for lenet, else 2.", valueName: "N"))
  var columns: Int?

  @Option(
    help: ArgumentHelp("Images of the validation set; 6000 for lenet, else 1000.", valueName: "N"))
  var images: Int?

  @Option(help: "How products read their operands: float32 or bfloat16.")
  var compute = ComputePrecision.full

  @OptionGroup var repeats: RepeatsOption

  func validate() throws {
    try requirePositive(shard, "--shard")
    try requirePositive(batch, "--batch")
    if let images { try requirePositive(images, "--images") }
    if let columns, !(1...3).contains(columns) {
      throw ValidationError("--columns must be from 1 to 3, not \(columns).")
    }
  }

  func run() throws {
    useOneThread()
    let network = named.network
    let tuned = part == .columns ? columns ?? network.columns : 0
    let images = images ?? network.validationCount
    let work = try NetworkWork(
      network, batch: batch, shard: shard, validation: part == .validation ? images : 16,
      columns: tuned, grid: ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
      compute: compute)
    let isValidation = part == .validation
    let once = isValidation ? work.validation() : work.step()
    let timing = try repeats.repetition.fastest(once)
    let profiled = try ProfiledWork(of: work.problem, runs: min(timing.runs, 3), once)
    let size: (String, Int) = isValidation ? ("images", images) : ("batch", batch)
    BenchLine("\(network.name) \(part.rawValue)")
      .with(timing, operations: profiled.operations)
      .with(size.0, .integer(size.1)).with("shard", .integer(shard))
      .with("columns", .integer(tuned)).with("compute", .string(compute.rawValue))
      .with(profiled.members)
      .with("validation_share", .number(isValidation ? 1 : 0))
      .with("estimation_share", .number(0))
      .with(KernelsAlone.member(for: profiled.profile, compute: compute))
      .with("blas_kernels", .string(BLASLibrary.kernels)).print()
  }
}
