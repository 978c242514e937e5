import Glibc

/// The time of day in the formats used in run folders.
package enum Clock {
  package enum Form: String {
    /// `20260131-235900`
    case folderName = "%Y%m%d-%H%M%S"
    /// `2026-01-31T23:59:00+0100`
    case logLine = "%Y-%m-%dT%H:%M:%S%z"
  }

  /// The local time.
  package static func now(as form: Form) -> String {
    var seconds = time(nil)
    var parts = tm()
    localtime_r(&seconds, &parts)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      let length = strftime(start, 64, form.rawValue, &parts)
      return String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }
  }
}
