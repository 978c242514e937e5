import Glibc
import Presentation

/// The files of several trials: each trial is a run in its own folder.
package enum TrialFolder {
  /// The file in a trial's folder that says why it failed.
  package static let failureName = "failure.json"

  private static let planName = "plan.json"

  /// Whether a folder contains several trials.
  package static func holdsPlan(_ path: String) -> Bool {
    access(planFile(of: path), F_OK) == 0 && RunFolder.holdsRun(path)
  }

  /// The path of a folder's plan.
  package static func planFile(of path: String) -> String { "\(path)/\(planName)" }

  /// A trial's folder within the common one: `trials/007`.
  package static func place(ofTrial number: Int, in folder: String) -> RunFolder {
    RunFolder(known: "\(folder)/trials/\(NumberText.padded(number, to: 3))")
  }
}
