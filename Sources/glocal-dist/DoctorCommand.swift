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
    abstract: "Say what a run will find here: MPI, BLAS, oneDNN, processor, memory, data.",
    discussion: """
      Every warning comes with its remedy; warnings do not change the exit code.

      EXAMPLES:
        glocal-dist doctor --ranks 8 --data DIR
        mpirun -n 8 glocal-dist doctor
      """)

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
    // Inspecting the machine starts a process: do it once.
    guard runtime.world.isRoot else { return }
    let environment = ProcessInfo.processInfo.environment
    let facts = MachineFacts.gathered(ranks: ranks, data: data.folder(environment))
    try StandardOutput.print("\(DoctorReport(facts))")
  }
}
