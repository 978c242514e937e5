import Learning
import Storage

/// A weight function in a safetensors file: `weightnet.fc1.weight` and so on, in PyTorch's layouts, for
/// the weight network; `class.log_weights`, `spline.log_weights`, `example.raw_weights` for others.
package enum WeightFunctionFile {
  /// What the weight network's tensors are called by: they may stand beside a model's.
  private static let networkPrefix = "weightnet."

  /// φ from a file, which may hold other tensors too.
  ///
  /// - Throws: `SafeTensorsError` when the file does not fit the function.
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

  /// The tensors to write for φ.
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

  /// Whether a tensor of a parameter file is a weight network's and none of the model's business.
  package static func owns(_ name: String) -> Bool { name.hasPrefix(networkPrefix) }
}
