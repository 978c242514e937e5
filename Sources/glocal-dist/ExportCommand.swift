import Analysis
import ArgumentParser
import Foundation
import MessagePassing
import Presentation

/// `glocal-dist export RUN --schedule FORM`.
struct ExportCommand: RankCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the schedule that a run has found: as a table, or as Python code to paste.",
    discussion: """
      csv is a table, one line a window; torch is a Python module for PyTorch, optax one for JAX.
      Of a search the best run's schedule is written.
      With inner.schedule: cosine or inner.warmup the learning rates are those that each step really
      used: the table has one line a step, and the modules multiply by the factor of each step.

      EXAMPLES:
        glocal-dist export runs/mine --schedule csv
        glocal-dist export runs/mine --schedule torch --output schedule.py
        glocal-dist export runs/found --schedule csv
      """)

  @Argument(help: ArgumentHelp("The folder of the run, or of a search.", valueName: "RUN"))
  var folder: String

  @Option(help: ArgumentHelp("What to write.", valueName: "csv|torch|optax"))
  var schedule: String

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The file; standard output if not given.", valueName: "FILE"))
  var output: String?

  func validate() throws {
    if ScheduleForm(rawValue: schedule) == nil {
      let names = ScheduleForm.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--schedule must be one of \(names), not \(schedule).")
    }
  }

  func run(on runtime: MessagePassingRuntime) throws {
    try onRoot(of: runtime) {
      let (run, note) = try RecordedRun.chosen(in: folder)
      // Not into the schedule, which goes to standard output.
      if let note { FileHandle.standardError.write(Data("glocal-dist: \(note)\n".utf8)) }
      let schedule = try RecordedSchedule(of: run)
      guard let form = ScheduleForm(rawValue: self.schedule) else { return }
      let text = schedule.text(form)
      if let output {
        try RecordedSchedule.write(text, to: output)
      } else {
        try StandardOutput.print(text, terminator: "")
      }
    }
  }
}
