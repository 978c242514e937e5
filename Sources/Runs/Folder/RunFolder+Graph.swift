import Learning
import Storage
import Tensors

extension RunFolder {
  /// Writes `model.onnx`, a user's own model with trained parameters; nothing for other networks.
  ///
  /// - Throws: `FileError`
  package func writeGraph<Number: Scalar>(
    _ network: any Model, _ parameters: UnsafeBufferPointer<Number>
  ) throws(FileError) {
    guard let network = network as? GraphModel else { return }
    let bytes = network.file(with: parameters)
    try AtomicFile.write(to: path(of: .graph)) { piece throws(FileError) in
      try bytes.forEachPiece(piece)
    }
  }
}
