import Learning
import Storage

/// A weight function in a safetensors file: `weightnet.fc1.weight` and so on, in PyTorch's layouts,
/// for the weight network; `class.log_weights`, `spline.log_weights`, `example.raw_weights` for the
/// others.
package enum WeightFunctionFile {
  /// The prefix of the weight network's tensors, which may be in the same file as a model's.
  private static let networkPrefix = "weightnet."

  /// Reads φ from a file, which may contain other tensors.
  ///
  /// - Throws: `SafeTensorsError` if the file does not fit the function.
  package static func read(_ path: String, _ weighting: any ExampleWeighting)
    throws(SafeTensorsError) -> [Double]
  {
    let file = try SafeTensorsFile(reading: path)
    var phi: [Double] = []
    for tensor in weighting.tensors {
      phi += try file.tensor(tensor.name, shape: tensor.shape, as: Double.self).values
    }
    return phi
  }

  /// The tensors of φ, for writing.
  package static func tensors(
    of weighting: any ExampleWeighting, _ phi: [Double]
  ) -> [NamedTensor<Double>] {
    var rest = phi[...]
    return weighting.tensors.map { tensor in
      let count = tensor.shape.reduce(1, *)
      defer { rest = rest.dropFirst(count) }
      return NamedTensor(name: tensor.name, shape: tensor.shape, values: Array(rest.prefix(count)))
    }
  }

  /// Whether a tensor of a parameter file belongs to a weight network rather than the model.
  package static func owns(_ name: String) -> Bool { name.hasPrefix(networkPrefix) }
}
