import Foundation

/// The memory of this host in bytes, as reported by Linux.
package struct HostMemory {
  /// The total memory; nil if Linux does not report it.
  package let total: UInt64?
  /// The free and reclaimable memory; nil if Linux does not report it.
  package let available: UInt64?

  /// The memory of the host that this process runs on.
  package static var ofThisHost: HostMemory {
    // Files in /proc report size 0: read to the end.
    let file = FileHandle(forReadingAtPath: "/proc/meminfo")
    let bytes = (try? file?.readToEnd()) ?? nil
    return HostMemory(bytes.map { String(decoding: $0, as: UTF8.self) } ?? "")
  }

  /// Parses a text in the format of `/proc/meminfo`.
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
