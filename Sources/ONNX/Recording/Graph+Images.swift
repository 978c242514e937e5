// Convolutions of images in blocks of channels, the layout that the fast kernels have.
extension Graph {
  /// Marks the convolutions whose weights can be stored in blocks.
  ///
  /// Their kernels are square, strides and paddings alike in both directions, groups one, output
  /// channels a multiple of 16, and nothing but such convolutions reads the weights.
  ///
  /// - Parameters:
  ///   - parameters: the names of what is trained; constants stay as they are.
  ///   - block: channels in a block.
  /// - Returns: the weights' names.
  mutating func markBlockedConvolutions(
    of parameters: Set<String>, block: Int
  ) -> Set<String> {
    var uses: [String: Int] = [:]
    for name in nodes.flatMap(\.inputs) + outputs.map(\.name) { uses[name, default: 0] += 1 }
    var places: [String: [Int]] = [:]
    for (index, node) in nodes.enumerated() where node.type == "Conv" && node.inputs.count >= 2 {
      let weights = node.inputs[1]
      guard parameters.contains(weights), let shape = initializers[weights]?.dimensions,
        shape.count == 4, shape[2] == shape[3], shape[0] % block == 0,
        node.isSquare(kernel: shape[2])
      else { continue }
      // The kernel for a bias serves one convolution.
      if node.inputs.count > 2, parameters.contains(node.inputs[2]), uses[node.inputs[2]] != 1 {
        continue
      }
      places[weights, default: []].append(index)
    }
    let blocked = places.filter { uses[$0.key] == $0.value.count }
    for (name, indices) in blocked {
      for index in indices {
        nodes[index].attributes[BlockedConvolution.mark] =
          .integers(initializers[name]?.dimensions ?? [])
      }
    }
    return Set(blocked.keys)
  }
}

extension Node {
  /// Whether a convolution has one group, and one stride and one padding for all directions.
  fileprivate func isSquare(kernel: Int) -> Bool {
    func all(_ name: String, _ missing: Int) -> Int? {
      guard let attribute = attributes[name] else { return missing }
      guard case .integers(let numbers) = attribute, let first = numbers.first,
        numbers.allSatisfy({ $0 == first })
      else { return nil }
      return first
    }
    if let mode = attributes["auto_pad"], mode != .string("NOTSET") { return false }
    guard all("dilations", 1) == 1, all("kernel_shape", kernel) == kernel,
      let stride = all("strides", 1), (1...1 << 20).contains(stride),
      let padding = all("pads", 0), (0...1 << 20).contains(padding)
    else { return false }
    return attributes["group"].map { $0 == .integer(1) } ?? true
  }
}
