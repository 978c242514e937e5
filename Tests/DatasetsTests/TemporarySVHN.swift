import CMatIO
import Foundation

/// Small MAT files in the form of SVHN's, in a folder of their own, gone when it is.
final class TemporarySVHN {
  let folder = NSTemporaryDirectory() + "svhn-" + UUID().uuidString

  init() throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/svhn", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// One variable of a file.
  struct Variable: Sendable {
    let name: String
    let shape: [Int]
    let bytes: [UInt8]
    var isDouble = false

    /// Images whose bytes are `image · 31 + place · 7`.
    static func images(_ count: Int, shape: [Int]? = nil) -> Variable {
      let shape = shape ?? [32, 32, 3, count]
      let length = shape.reduce(1, *) / max(1, count)
      return Variable(
        name: "X", shape: shape,
        bytes: (0..<count * length).map {
          UInt8(truncatingIfNeeded: $0 / length * 31 + $0 % length * 7)
        })
    }

    static func labels(_ labels: [UInt8], isDouble: Bool = false) -> Variable {
      Variable(name: "y", shape: [labels.count, 1], bytes: labels, isDouble: isDouble)
    }
  }

  func path(_ part: String) -> String { "\(folder)/svhn/\(part)_32x32.mat" }

  /// Writes `train_32x32.mat` or `test_32x32.mat`, compressed as the official files are.
  func write(_ part: String, _ variables: [Variable], version: mat_ft = MAT_FT_MAT5) throws {
    guard let file = Mat_CreateVer(path(part), nil, version) else {
      throw CocoaError(.fileWriteUnknown)
    }
    defer { Mat_Close(file) }
    for variable in variables {
      var sizes = variable.shape
      var bytes = variable.bytes
      var doubles = variable.bytes.map { Double($0) }
      let created = sizes.withUnsafeMutableBytes { sizes in
        let dimensions = sizes.assumingMemoryBound(to: Int.self).baseAddress.map {
          UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt.self)
        }
        let rank = Int32(variable.shape.count)
        return variable.isDouble
          ? Mat_VarCreate(variable.name, MAT_C_DOUBLE, MAT_T_DOUBLE, rank, dimensions, &doubles, 0)
          : Mat_VarCreate(variable.name, MAT_C_UINT8, MAT_T_UINT8, rank, dimensions, &bytes, 0)
      }
      guard let created else { throw CocoaError(.fileWriteUnknown) }
      defer { Mat_VarFree(created) }
      guard Mat_VarWrite(file, created, MAT_COMPRESSION_ZLIB) == 0 else {
        throw CocoaError(.fileWriteUnknown)
      }
    }
  }

  /// Changes the bytes of a file.
  func edit(_ part: String, _ change: (inout [UInt8]) -> Void) throws {
    let place = URL(fileURLWithPath: path(part))
    var bytes = [UInt8](try Data(contentsOf: place))
    change(&bytes)
    try Data(bytes).write(to: place)
  }
}
