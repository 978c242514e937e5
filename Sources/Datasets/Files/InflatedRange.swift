import CZlib
import Foundation

/// The compressed bytes in a range of a file, inflated piece by piece.
///
/// zlib's own checks at the end of a stream (CRC-32 or Adler-32, and length) turn a damaged file into
/// an error instead of wrong images. Nothing may stand behind the stream.
final class InflatedRange {
  /// How the compressed bytes are framed.
  enum Format: Int32 {
    /// A single stream of zlib, as in MAT files.
    case zlib = 15
    /// gzip, of one or several members.
    case gzip = 31
    /// Without a frame, as in ZIP files, which keep the checksum elsewhere.
    case raw = -15
  }

  /// The most bytes that one compressed byte can stand for: 258 for each quarter of a byte.
  static let largestRatio = 1032

  private let file: RegularFile
  private let format: Format
  private var rest: Range<Int>
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableBufferPointer<UInt8>
  private var isAtEnd = false

  init(_ range: Range<Int>, of file: RegularFile, _ format: Format) throws(DatasetError) {
    self.file = file
    self.format = format
    rest = range
    // zlib remembers where the stream stands in memory: it must stay there.
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(capacity: 1 << 16)
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, format.rawValue, ZLIB_VERSION, size) == Z_OK else {
      throw DatasetError(
        file.path, "cannot be inflated: zlib does not start", remedy: "Free memory.")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Fills the beginning of an array; only at the end of the data with fewer bytes than asked for.
  ///
  /// - Returns: how many bytes there were.
  /// - Throws: `DatasetError` as `read(into:)` does.
  func fill(_ bytes: inout [UInt8], upTo count: Int) throws(DatasetError) -> Int {
    var failure: DatasetError?
    let found = bytes.withUnsafeMutableBytes { buffer in
      do throws(DatasetError) {
        return try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(count)))
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return found
  }

  /// Fills the buffer; only at the end of the data with fewer bytes than fit.
  ///
  /// - Returns: how many bytes there were.
  /// - Throws: `DatasetError` when the file ends early, is damaged, or has bytes behind the data.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
    var done = 0
    while done < buffer.count, !isAtEnd {
      try fillInput()
      let length = min(buffer.count - done, 1 << 30)
      stream.pointee.next_out = buffer.baseAddress.map {
        $0.assumingMemoryBound(to: UInt8.self) + done
      }
      stream.pointee.avail_out = UInt32(length)
      let code = inflate(stream, Z_NO_FLUSH)
      done += length - Int(stream.pointee.avail_out)
      switch code {
      case Z_STREAM_END: try endMember()
      case Z_OK: continue
      case Z_BUF_ERROR where stream.pointee.avail_in == 0 && rest.isEmpty:
        throw DatasetError(
          file.path, "ends in the middle of its compressed data", remedy: DatasetError.fetchAgain)
      default:
        let detail = stream.pointee.msg.map { String(cString: $0) } ?? "error \(code)"
        throw DatasetError(
          file.path, "is damaged (zlib: \(detail))", remedy: DatasetError.fetchAgain)
      }
    }
    return done
  }

  private func fillInput() throws(DatasetError) {
    guard stream.pointee.avail_in == 0, !rest.isEmpty else { return }
    let count = try file.read(
      at: rest.lowerBound,
      into: UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(rebasing: input[..<min(rest.count, input.count)])))
    // A file that has become shorter meanwhile ends here.
    rest =
      count == 0 ? rest.upperBound..<rest.upperBound : rest.lowerBound + count..<rest.upperBound
    stream.pointee.next_in = input.baseAddress
    stream.pointee.avail_in = UInt32(count)
  }

  /// After the end of a stream: the end of the data, or of gzip another member.
  private func endMember() throws(DatasetError) {
    try fillInput()
    guard stream.pointee.avail_in > 0 else {
      isAtEnd = true
      return
    }
    guard format == .gzip, stream.pointee.next_in.pointee == 0x1F, inflateReset(stream) == Z_OK
    else {
      throw DatasetError(
        file.path, "has bytes after the end of its compressed data",
        remedy: DatasetError.fetchAgain)
    }
  }
}
