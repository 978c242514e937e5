import Analysis
import ArgumentParser
import Foundation
import MessagePassing
import Presentation
import Runs
import Settings

/// `glocal-dist doctor`.
struct DoctorCommand: RankCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what a run will find here, or what it would do with a model of your own.",
    discussion: """
      Without FILE: MPI, BLAS, oneDNN, processor, memory, data. Every warning comes with its remedy;
      warnings do not change the exit code.

      With FILE, which ends in .onnx: inputs, what is trained and what is not, the work of a step, and
      everything that stands in the way; the exit code is 0 if it can be trained.

      EXAMPLES:
        glocal-dist doctor --ranks 8 --data DIR
        glocal-dist doctor model.onnx
        mpirun -n 8 glocal-dist doctor
      """)

  @Argument(help: ArgumentHelp("A model of your own.", valueName: "FILE"))
  var file: String?

  @Option(
    help: ArgumentHelp(
      "Give advice for N ranks on this machine; without it, for those that are there.",
      valueName: "N"))
  var ranks: Int?

  @OptionGroup var data: DataOption

  func validate() throws {
    try OptionRange.check(ranks, "--ranks", 1...Configuration.Parallel.mostRanks)
  }

  func run(on runtime: MessagePassingRuntime) throws {
    if let file { return try onRoot(of: runtime) { try examine(file) } }
    // Inspecting the machine starts a process: do it once.
    guard runtime.world.isRoot else { return }
    let environment = ProcessInfo.processInfo.environment
    let facts = MachineFacts.gathered(ranks: ranks, data: data.folder(environment))
    try StandardOutput.print("\(DoctorReport(facts))")
  }

  private func examine(_ file: String) throws {
    let report = GraphReport(file)
    try StandardOutput.print(report.lines.joined(separator: "\n"))
    guard report.isTrainable else {
      throw RunError("\(file) cannot be trained as it is; standard output says why.")
    }
  }
}
