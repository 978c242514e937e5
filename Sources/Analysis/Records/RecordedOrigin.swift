import Foundation
import Runs
import Storage

/// The start time and command of a run, from the first line of its log; a trial has those of its
/// search.
struct RecordedOrigin: Equatable {
  /// `glyphs`, or the name of a configuration; nil if the log does not give it.
  private(set) var preset: String?
  /// `search`, `compare`, or nil for a run.
  private(set) var command: String?
  /// `2026-01-31 23:59`; nil if the log does not give it.
  private(set) var date: String?

  /// The origin of a folder's content.
  init(of folder: String) {
    let url = URL(fileURLWithPath: folder).standardizedFileURL
    let parent = url.deletingLastPathComponent()
    let above =
      parent.lastPathComponent == "trials" ? parent.deletingLastPathComponent() : parent
    let line = [url, above].lazy.compactMap {
      Self.firstLine(RunFolder(known: $0.path).path(of: .log))
    }.first
    self.init(line: line ?? "")
  }

  /// Parses a line of a log: `TIME  PRESET: …`, or `TIME  search PRESET: …`.
  init(line: String) {
    let parts = line.split(separator: " ", maxSplits: 1)
    guard let time = parts.first, time.count >= 16, time.prefix(11).last == "T" else { return }
    date = "\(time.prefix(10)) \(time.dropFirst(11).prefix(5))"
    guard parts.count == 2, let colon = parts[1].range(of: ": ") else { return }
    let title = parts[1][..<colon.lowerBound].trimmingPrefix { $0 == " " }
    let word = ["search", "compare"].first { title.hasPrefix("\($0) ") }
    command = word
    preset = String(word.map { title.dropFirst($0.count + 1) } ?? title)
  }

  private static func firstLine(_ path: String) -> String? {
    guard PathKind(of: path) == .other, let input = try? InputFile(path: path),
      let bytes = try? input.bytes(at: 0..<min(input.size, 4096))
    else { return nil }
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
