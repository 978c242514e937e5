import Foundation
import Runs
import Storage

/// When a run was begun and what with, by the first line of its log; a trial's is its search's.
struct RecordedOrigin: Equatable {
  /// `glyphs`, or the name of a configuration; nil where the log does not tell.
  private(set) var preset: String?
  /// `search`, `compare`, or nil for a run.
  private(set) var command: String?
  /// `2026-01-31 23:59`; nil where the log does not tell.
  private(set) var date: String?

  /// The origin of what a folder holds.
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

  /// The origin that a line of a log tells of: `TIME  PRESET: …`, or `TIME  search PRESET: …`.
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
