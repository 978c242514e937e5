import Foundation
import Runs
import Storage

/// Distinguishes a trial of a search or a comparison from its siblings, by its line in the
/// `trials.jsonl` two folders above its own.
struct TrialLabel: Equatable {
  /// The method.
  let method: String
  /// The differences between the trials: `learning-rate 0.01`, and the seed last.
  let words: [String]

  /// Both in one line.
  var text: String { ([method] + words).joined(separator: ", ") }

  /// The label of a folder; nil if it is not a trial's.
  init?(of folder: String) {
    let url = URL(fileURLWithPath: folder).standardizedFileURL
    let siblings = url.deletingLastPathComponent()
    let table = siblings.deletingLastPathComponent().appendingPathComponent("trials.jsonl")
    guard siblings.lastPathComponent == "trials", let number = Int(url.lastPathComponent),
      let lines = try? Self.all(table.path),
      let own = lines.first(where: { $0["trial"]?.int == number }),
      let name = own["name"]?.string
    else { return nil }
    let starts = (own.members ?? []).map(\.key).drop { $0 != "seed" }.prefix { $0 != "status" }
    let told = starts.filter { key in lines.contains { $0[key] != own[key] } }
    let words = told.map { key in
      "\(key) \(own[key]?.string ?? JSONText.line(own[key] ?? .null))"
    }
    method = name
    self.words = words.sorted { !$0.hasPrefix("seed") && $1.hasPrefix("seed") }
  }

  /// The label of a folder on one line; nil if it is not a trial's.
  static func of(_ folder: String) -> String? { TrialLabel(of: folder)?.text }

  /// Creates a label from its parts.
  private init(method: String, words: [String]) {
    self.method = method
    self.words = words
  }

  /// The same label without redundant words.
  func without(_ words: Set<String>) -> TrialLabel {
    TrialLabel(method: method, words: self.words.filter { !words.contains($0) })
  }

  private static func all(_ path: String) throws -> [JSONValue] {
    var reader = try JSONLinesReader(path: path, cutEnd: .left)
    var lines: [JSONValue] = []
    while let line = try reader.nextLine() { lines.append(line.value) }
    return lines
  }
}
