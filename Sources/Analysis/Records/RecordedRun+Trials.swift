import Runs
import Settings

// Where a run is asked for and the folder holds many.
extension RecordedRun {
  /// The run of a folder; of a search its best one.
  ///
  /// - Returns: the run, and a sentence where it is not the folder's own.
  /// - Throws: `RunError` where there is no telling which one is meant; what `init(path:)` throws.
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
