import Runs
import Settings

// Chooses a run if the folder contains many.
extension RecordedRun {
  /// The run of a folder; for a search, its best run.
  ///
  /// - Returns: the run, and a sentence if it is not the folder's own.
  /// - Throws: `RunError` if it is ambiguous which run is meant; errors of `init(path:)`.
  package static func chosen(in folder: String) throws -> (run: RecordedRun, note: String?) {
    guard TrialFolder.holdsPlan(folder) else { return (try RecordedRun(path: folder), nil) }
    let place = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let best = "\(place)/best"
    if RunFolder.holdsRun(best) {
      let run = try RecordedRun(path: best)
      return (run, "\(folder) holds a search; this is the schedule of its best run, \(best).")
    }
    let example = "\(place)/trials/001"
    if RecordedOrigin(of: folder).command == "compare" {
      throw RunError(
        "\(folder) holds a comparison, in which every trial has a schedule of its own: name one, "
          + "such as \(example); \(place)/trials.csv lists them.")
    }
    throw RunError(
      "\(folder) holds a search without a best run, for none has finished: wait for it, or "
        + "name a trial, such as \(example).")
  }
}
