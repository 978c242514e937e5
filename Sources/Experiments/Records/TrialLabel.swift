import Foundation

/// What tells a trial of a search or a comparison from its siblings, by the line about it in
/// `trials.jsonl` two folders above its own.
enum TrialLabel {
  /// The method, and what differs among the trials of its start and seed.
  ///
  /// - Returns: nil for a folder that is no trial's.
  static func of(_ folder: String) -> String? {
    let url = URL(fileURLWithPath: folder).standardizedFileURL
    let siblings = url.deletingLastPathComponent()
    let table = siblings.deletingLastPathComponent().appendingPathComponent("trials.jsonl")
    guard siblings.lastPathComponent == "trials", let number = Int(url.lastPathComponent),
      let lines = try? all(table.path),
      let own = lines.first(where: { $0["trial"]?.int == number }),
      let name = own["name"]?.string
    else { return nil }
    let starts = (own.members ?? []).map(\.key).drop { $0 != "seed" }.prefix { $0 != "status" }
    let told = starts.filter { key in lines.contains { $0[key] != own[key] } }
    let words = told.map { key in
      "\(key) \(own[key]?.string ?? JSONText.line(own[key] ?? .null))"
    }
    return ([name] + words.sorted { !$0.hasPrefix("seed") && $1.hasPrefix("seed") })
      .joined(separator: ", ")
  }

  private static func all(_ path: String) throws -> [JSONValue] {
    var reader = try JSONLinesReader(path: path, cutEnd: .left)
    var lines: [JSONValue] = []
    while let line = try reader.nextLine() { lines.append(line.value) }
    return lines
  }
}
