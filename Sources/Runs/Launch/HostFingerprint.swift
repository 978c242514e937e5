import Datasets
import Foundation
import Hypergradients
import Learning
import MessagePassing
import Storage
import Tensors

/// What must be identical on all hosts of a job, as determined by one rank.
package struct HostFingerprint: Equatable {
  /// The host's name.
  var host: String
  /// The checksum of the program's file.
  var program: String
  /// The checksum of the images and labels, as read and split.
  var images: String
  /// The checksum of the user's own model; empty for the program's networks.
  var model = ""
  /// The kernels chosen by BLAS and oneDNN, and everything else that affects the last bits of a
  /// product.
  var kernels: String

  /// The fingerprint of this process.
  ///
  /// - Parameters:
  ///   - checksum: of the data.
  ///   - model: the checksum of the user's own model; empty for the program's networks.
  static func ofThisProcess(checksum: String, model: String) -> HostFingerprint {
    let environment = ProcessInfo.processInfo.environment
    var kernels =
      "BLAS \(BLASLibrary.kernels), oneDNN \(ConvolutionLibrary.instructionSet), "
      + "layout \(ImageLayout.ofThisProcess.rawValue)"
    if let size = environment["OPENBLAS_L2_SIZE"] { kernels += ", OPENBLAS_L2_SIZE=\(size)" }
    return HostFingerprint(
      host: hostName(), program: programChecksum(), images: checksum, model: model,
      kernels: kernels)
  }

  private static func programChecksum() -> String {
    guard
      let file = try? Data(
        contentsOf: URL(fileURLWithPath: "/proc/self/exe"), options: .alwaysMapped)
    else { return "unreadable" }
    var sum = Checksum()
    file.withUnsafeBytes { sum.add($0) }
    return sum.text
  }
}

extension HostFingerprint {
  /// The fingerprint as bytes, for a message.
  var bytes: [UInt8] {
    Array([host, program, images, model, kernels].joined(separator: "\u{0}").utf8)
  }

  /// Parses what `bytes` wrote.
  init?(bytes: [UInt8]) {
    let parts = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\u{0}", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5 else { return nil }
    self.init(
      host: parts[0], program: parts[1], images: parts[2], model: parts[3], kernels: parts[4])
  }
}
