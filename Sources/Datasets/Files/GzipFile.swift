import CZlib
import Foundation

/// The bytes of a file, inflated if it is gzip.
///
/// zlib's checks (length and CRC-32 at the end of the stream) turn a
/// damaged file into an error instead of wrong images.
enum GzipFile {
  /// Reads a whole file.
  ///
  /// - Throws: `DatasetError` when it cannot be read, ends early, or is damaged.
  static func bytes(of path: String) throws(DatasetError) -> [UInt8] {
    guard let file = gzopen(path, "rb") else {
      throw DatasetError(
        path, "cannot be read (\(String(cString: strerror(errno))))",
        remedy: "Check the file and its permissions.")
    }
    defer { _ = gzclose_r(file) }
    _ = gzbuffer(file, 1 << 17)
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = gzread(file, &chunk, UInt32(chunk.count))
      if count > 0 { result += chunk[..<Int(count)] }
      if count < chunk.count {
        var code: Int32 = 0
        let message = gzerror(file, &code)
        switch code {
        case Z_OK where count >= 0, Z_STREAM_END where count >= 0: return result
        case Z_BUF_ERROR:
          throw DatasetError(
            path, "ends in the middle of its compressed data", remedy: DatasetError.fetchAgain)
        case Z_ERRNO:
          throw DatasetError(
            path, "cannot be read (\(String(cString: strerror(errno))))",
            remedy: "Check the file and its permissions.")
        default:
          let detail = message.map { String(cString: $0) } ?? "error \(code)"
          throw DatasetError(
            path, "is damaged (zlib: \(detail))", remedy: DatasetError.fetchAgain)
        }
      }
    }
  }
}

/// Whether something can be opened there that is not a folder.
func isFile(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
}
