import Learning
import ONNX
import Storage
import Tensors

extension RunFolder {
  /// Writes `model.onnx`, a user's own model with trained parameters; nothing for other networks.
  ///
  /// - Returns: why there is none, as a sentence; nil where there is one, or need be none.
  /// - Throws: `FileError`
  package func writeGraph<Number: Scalar>(
    _ network: any Model, _ parameters: UnsafeBufferPointer<Number>
  ) throws(FileError) -> String? {
    guard let network = network as? GraphModel else { return nil }
    let bytes: [UInt8]
    do throws(ModelProblems) {
      bytes = try network.file(with: parameters)
    } catch {
      let reason = error.problems.first?.description ?? ""
      return "\(File.graph.rawValue) was not written: \(reason); the trained parameters are in "
        + "\(File.model.rawValue)"
    }
    try AtomicFile.write(to: path(of: .graph)) { piece throws(FileError) in
      try bytes.forEachPiece(piece)
    }
    return nil
  }
}
