import ArgumentParser
import Differentiation
import Hypergradients
import MessagePassing
import Tensors

/// `glocal-bench lenet plain|columns|validation`: what one rank alone takes for the parts of a window.
struct LeNetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lenet",
    abstract: "One inner step of LeNet, plain or with columns, or one validation gradient.")

  enum Part: String, CaseIterable, ExpressibleByArgument {
    case plain, columns, validation
  }

  @Argument(help: "What to time.")
  var part: Part

  @Option(help: ArgumentHelp("Images that go through the network together.", valueName: "N"))
  var shard = 16

  @Option(help: ArgumentHelp("Images of a minibatch.", valueName: "N"))
  var batch = 128

  @Option(help: ArgumentHelp("Tuned hyperparameters of the case columns, 1 to 3.", valueName: "N"))
  var columns = 3

  @Option(help: ArgumentHelp("Images of the validation set.", valueName: "N"))
  var images = 6000

  @OptionGroup var repeats: RepeatsOption

  func validate() throws {
    try requirePositive(shard, "--shard")
    try requirePositive(batch, "--batch")
    try requirePositive(images, "--images")
    if !(1...3).contains(columns) {
      throw ValidationError("--columns must be from 1 to 3, not \(columns).")
    }
  }

  func run() throws {
    useOneThread()
    let tuned = part == .columns ? columns : 0
    let work = try LeNetWork(
      batch: batch, shard: shard, validation: part == .validation ? images : 16, columns: tuned,
      grid: ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1))
    let line = BenchLine("lenet \(part.rawValue)")
    switch part {
    case .plain, .columns:
      let timing = try timeSteps(work)
      line.with(timing, operations: LeNetWork.operations(images: batch, columns: tuned))
        .with("batch", .integer(batch)).with("shard", .integer(shard))
        .with("columns", .integer(tuned)).with("blas_kernels", .string(BLASLibrary.kernels)).print()
    case .validation:
      let timing = timeValidation(work)
      line.with(timing, operations: LeNetWork.operations(images: images, columns: 0))
        .with("images", .integer(images)).with("shard", .integer(shard))
        .with("blas_kernels", .string(BLASLibrary.kernels)).print()
    }
  }

  /// A step: the minibatch's images, its gradient jet, and the inner optimizer.
  private func timeSteps(_ work: LeNetWork) throws -> Timing {
    var state = work.startingState()
    let forward = ForwardColumns(
      problem: work.problem, optimizer: work.optimizer, hyperparameters: work.hyperparameters,
      columns: 0..<work.hyperparameters.count)
    return try repeats.repetition.fastest {
      // As in a run, where windows are this long; columns that are never reset may overflow.
      if state.step % 50 == 0 { state.scaleTangents(by: 0) }
      let stretch = try forward.advance(
        &state, steps: 1, observed: 0, hyperparameters: work.hyperparameters)
      if let divergence = stretch.divergence {
        throw ValidationError("training diverged at step \(divergence.step); nothing was measured.")
      }
    }
  }

  private func timeValidation(_ work: LeNetWork) -> Timing {
    let state = work.startingState()
    let gradient = Jet<Float>(count: work.problem.parameterCount, tangentCount: 0)
    return repeats.repetition.fastest {
      _ = work.problem.validationGradient(parameters: state.primal, gradient: gradient.primal)
    }
  }
}
