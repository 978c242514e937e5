extension ONNXModel {
  /// The operators of the file with their numbers, in the order of their names.
  public var operators: [(name: String, count: Int)] {
    var counts: [String: Int] = [:]
    for node in graph.nodes { counts[node.type, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) }
  }

  /// What looks as if it were not meant, as sentences about the file without a full stop; nothing is
  /// wrong with it.
  public var hints: [String] {
    mended + [foldedHint, answerHint, dropoutHint].compactMap(\.self) + mergedHints
      + tieHints
  }

  /// Exporters take a BatchNormalization into the convolution before it, where it cannot be trained.
  private var foldedHint: String? {
    let folded = graph.nodes.filter { node in
      guard node.type == "Conv", node.inputs.count > 2 else { return false }
      let (weight, bias) = (node.inputs[1], node.inputs[2])
      return bias == weight + "_bias"
        || (weight.hasPrefix("onnx::Conv_") && bias.hasPrefix("onnx::Conv_"))
    }.map { $0.inputs[1] }
    guard let first = folded.first else { return nil }
    return
      "a BatchNormalization seems to be folded into the convolution with \(first)"
      + (folded.count > 1 ? " and \(folded.count - 1) more" : "")
      + ", so that none is trained; export with optimize=False (dynamo), or with "
      + "training=TrainingMode.TRAINING and do_constant_folding=False, to keep it"
  }

  private var answerHint: String? {
    guard let output = outputs.first?.name,
      let node = graph.nodes.first(where: { $0.outputs.contains(output) }),
      node.type == "Softmax" || node.type == "Sigmoid"
    else { return nil }
    return
      "the output \(output) comes from \(node.type): the cross-entropy of classes takes the logits before "
      + "it, and has a softmax of its own"
  }

  private var dropoutHint: String? {
    let all = graph.nodes.filter { $0.type == "Dropout" }
    guard !all.isEmpty else { return nil }
    let active = all.filter { node in
      guard node.inputs.count > 2,
        case .booleans(let mode)? = graph.initializers[node.inputs[2]]?.elements
      else { return false }
      return mode.first == true
    }
    if active.count == all.count {
      return "\(all.count) Dropout layer\(all.count == 1 ? "" : "s") while training"
    }
    return
      "\(all.count - active.count) of \(all.count) Dropout layers are off: the file was exported for "
      + "inference; training=TrainingMode.TRAINING keeps them"
  }

  private var tieHints: [String] {
    let tied = ties.map { tie in
      "\(tie.other) is \(tie.kept)\(tie.isTransposed ? " transposed" : " again"): they are trained as one"
    }
    let most = 8
    let alike = lookalikes.map { tie in
      "\(tie.other) has the values of \(tie.kept)\(tie.isTransposed ? " transposed" : ""), and is trained "
        + "apart from it"
    }
    guard alike.count > most else { return tied + alike }
    return tied + alike.prefix(most) + [
      "and \(alike.count - most) more have the values of another one"
    ]
  }

  /// Exporters keep one of several initializers that are equal, such as the ones and zeros that the
  /// normalisations of a fresh network begin with.
  private var mergedHints: [String] {
    let fresh = parameters.filter { parameter in
      parameter.values.count > 1 && parameter.values.allSatisfy { $0 == parameter.values[0] }
    }
    var users: [String: [Node]] = [:]
    for parameter in fresh { users[parameter.name] = [] }
    for node in graph.nodes {
      for name in Set(node.inputs) { users[name]?.append(node) }
    }
    let merged = fresh.compactMap { parameter -> String? in
      guard let nodes = users[parameter.name], nodes.count > 1 else { return nil }
      let most = 3
      let names = nodes.prefix(most).map { $0.name.isEmpty ? "number \($0.index)" : $0.name }
      let rest = nodes.count > most ? ["\(nodes.count - most) more"] : []
      return
        "\(parameter.name.shortened) serves \(nodes.count) nodes (\((names + rest).enumerated)), which "
        + "are trained as one: the exporter may have merged tensors that are equal in a fresh model; "
        + "export with optimize=False, or after a first training step, to train them apart"
    }
    let most = 4
    guard merged.count > most else { return merged }
    return merged.prefix(most) + [
      "and \(merged.count - most) more such tensors serve several nodes"
    ]
  }
}
