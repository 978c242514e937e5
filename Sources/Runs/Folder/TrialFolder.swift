import Glibc
import Presentation

/// Where the files of several trials are: each trial is a run in a folder of its own.
package enum TrialFolder {
  /// Why a trial was given up, in its folder.
  package static let failureName = "failure.json"

  private static let planName = "plan.json"

  /// Whether a folder holds several trials.
  package static func holdsPlan(_ path: String) -> Bool {
    access(planFile(of: path), F_OK) == 0 && RunFolder.holdsRun(path)
  }

  /// Where the plan of a folder is.
  package static func planFile(of path: String) -> String { "\(path)/\(planName)" }

  /// The folder of a trial below that of all of them: `trials/007`.
  package static func place(ofTrial number: Int, in folder: String) -> RunFolder {
    RunFolder(known: "\(folder)/trials/\(NumberText.padded(number, to: 3))")
  }
}
