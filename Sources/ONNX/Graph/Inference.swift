extension Onnx_GraphProto {
  /// Switches batch normalisations and dropout to inference, whatever they were exported for.
  ///
  /// A normalisation keeps its further outputs, the new running statistics, where something reads them:
  /// with them it is one for training, and stays as it is.
  mutating func endTraining() {
    let read = Set(node.flatMap(\.input) + output.map(\.name))
    for index in node.indices where Node.isDefault(domain: node[index].domain) {
      switch node[index].opType {
      case "BatchNormalization":
        guard node[index].output.dropFirst().allSatisfy({ !read.contains($0) }) else { continue }
        if node[index].output.count > 1 { node[index].output.removeSubrange(1...) }
        for place in node[index].attribute.indices
        where node[index].attribute[place].name == "training_mode" {
          node[index].attribute[place].i = 0
        }
      case "Dropout" where node[index].input.count > 2:
        // Without its third input the mode is inference.
        node[index].input.removeSubrange(2...)
      default: continue
      }
    }
  }
}
