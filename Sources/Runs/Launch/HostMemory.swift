import Foundation

/// The memory of this host, in bytes, as Linux tells it.
package struct HostMemory {
  /// In all; nil where Linux does not say.
  package let total: UInt64?
  /// Free, or to be freed; nil where Linux does not say.
  package let available: UInt64?

  /// That of the host this process is on.
  package static var ofThisHost: HostMemory {
    // Files in /proc say that their size is 0: read to the end.
    let file = FileHandle(forReadingAtPath: "/proc/meminfo")
    let bytes = (try? file?.readToEnd()) ?? nil
    return HostMemory(bytes.map { String(decoding: $0, as: UTF8.self) } ?? "")
  }

  /// What a text like `/proc/meminfo` says.
  package init(_ text: String) {
    var values: [String: UInt64] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == ":" }
      guard words.count >= 2, let kibibytes = UInt64(words[1]) else { continue }
      values[String(words[0])] = kibibytes * 1024
    }
    (total, available) = (values["MemTotal"], values["MemAvailable"])
  }
}
