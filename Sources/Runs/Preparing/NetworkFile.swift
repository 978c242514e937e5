import Networks
import Storage
import Tensors

/// A network's parameters in a safetensors file, under PyTorch's names and layouts.
package enum NetworkFile {
  /// Reads the parameters of a file, in the order of the flat vector: `[p]`.
  ///
  /// - Throws: `SafeTensorsError` if the file does not fit the network.
  package static func read<Number: Scalar>(
    _ path: String, _ layout: ParameterLayout
  ) throws(SafeTensorsError) -> [Number] {
    let file = try SafeTensorsFile(reading: path)
    try file.require(
      exactly: layout.tensors.map { (name: $0.name, shape: $0.shape) },
      ignoring: WeightFunctionFile.owns)
    let tensors = try layout.tensors.map { tensor throws(SafeTensorsError) in
      try file.tensor(tensor.name, shape: tensor.shape, as: Number.self)
    }
    var flat = [Number](repeating: 0, count: layout.count)
    flat.withUnsafeMutableBufferPointer { flat in
      for (place, tensor) in zip(layout.tensors, tensors) {
        layout.set(place, to: tensor.values, in: flat)
      }
    }
    return flat
  }

  /// The tensors of a flat vector, for writing.
  package static func tensors<Number: Scalar>(
    of layout: ParameterLayout, _ flat: UnsafeBufferPointer<Number>
  ) -> [NamedTensor<Number>] {
    layout.tensors.map {
      NamedTensor(name: $0.name, shape: $0.shape, values: layout.rowMajor($0, from: flat))
    }
  }
}
