import CZlib
import Foundation

/// A zlib stream inside a file, inflated only to see whether it is whole.
///
/// libmatio stops as soon as it has the bytes it wants and never comes to the checksum (Adler-32) at
/// the stream's end: without this a damaged file would become wrong images.
enum ZlibStream {
  /// Whether the `size` bytes from the file's position on are one stream with the right checksum.
  static func isWhole(_ size: Int, of file: UnsafeMutablePointer<FILE>) -> Bool {
    var stream = z_stream()
    guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return false
    }
    defer { inflateEnd(&stream) }
    var left = size
    var input = [UInt8](repeating: 0, count: 1 << 16)
    var output = [UInt8](repeating: 0, count: 1 << 18)
    return input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        while left > 0 {
          let count = fread(input.baseAddress, 1, min(left, input.count), file)
          guard count > 0 else { return false }
          left -= count
          stream.next_in = input.baseAddress
          stream.avail_in = UInt32(count)
          // An output that was filled up may have more behind it.
          repeat {
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            let code = inflate(&stream, Z_NO_FLUSH)
            if code == Z_STREAM_END { return left == 0 && stream.avail_in == 0 }
            guard code == Z_OK || code == Z_BUF_ERROR else { return false }
          } while stream.avail_in > 0 || stream.avail_out == 0
        }
        return false
      }
    }
  }
}
