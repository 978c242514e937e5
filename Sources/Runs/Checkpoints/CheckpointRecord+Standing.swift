import Storage

// The best window of a run and how often its limits were active.
extension CheckpointRecord {
  /// The best window, and how often each hyperparameter was projected onto a limit.
  package var standing: JSONValue {
    [
      "best": best.map { .object($0.members) } ?? .null,
      "projections": .object(
        progress.projections.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
    ]
  }

  /// Reads what `standing` wrote.
  ///
  /// - Returns: false if it is something else, or contradicts the rest of the record.
  package mutating func readStanding(_ json: JSONValue?) -> Bool {
    guard let found = json?["best"], let projections = json?["projections"]?.members,
      (found == .null) == (window == 0)
    else { return false }
    if found != .null {
      guard let record = BestRecord(found), record.window <= window else { return false }
      best = record
    }
    for member in projections {
      guard let count = member.value.int, 1...max(1, window) ~= count else { return false }
      progress.projections[member.key] = count
    }
    return true
  }
}
