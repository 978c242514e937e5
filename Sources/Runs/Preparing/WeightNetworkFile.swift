import Learning
import Networks
import Storage

/// A weight network in a safetensors file, `weightnet.fc1.weight` and so on, PyTorch's layouts.
package enum WeightNetworkFile {
  private static let prefix = "weightnet."

  /// φ from a file, which may hold other tensors too.
  ///
  /// - Throws: `SafeTensorsError` when the file does not fit the network.
  package static func read(_ path: String, _ network: WeightNetwork) throws(SafeTensorsError)
    -> [Double]
  {
    let file = try SafeTensorsFile(reading: path)
    var phi: [Double] = []
    for tensor in network.tensors {
      phi += try file.tensor(prefix + tensor.name, shape: tensor.shape, as: Double.self).values
    }
    return phi
  }

  /// The tensors to write for φ.
  package static func tensors(of network: WeightNetwork, _ phi: [Double]) -> [NamedTensor<Double>] {
    var rest = phi[...]
    return network.tensors.map { tensor in
      let count = tensor.shape.reduce(1, *)
      defer { rest = rest.dropFirst(count) }
      return NamedTensor(
        name: prefix + tensor.name, shape: tensor.shape, values: Array(rest.prefix(count)))
    }
  }

  /// Whether a tensor of a parameter file is a weight network's and none of the model's business.
  package static func owns(_ name: String) -> Bool { name.hasPrefix(prefix) }
}
