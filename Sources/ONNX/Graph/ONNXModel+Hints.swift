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
    mended + [foldedHint, biasHint, mergedHint, answerHint, dropoutHint].compactMap(\.self)
      + tieHints
  }

  /// Exporters take a BatchNormalization into the layer before it, where it cannot be trained.
  private var foldedHint: String? {
    let folded = graph.nodes.filter { node in
      if node.rewrites.contains(.normalisation) { return node.inputs.count > 1 }
      guard node.type == "Conv", node.inputs.count > 2 else { return false }
      let (weight, bias) = (node.inputs[1], node.inputs[2])
      return bias == weight + "_bias"
        || (weight.hasPrefix("onnx::Conv_") && bias.hasPrefix("onnx::Conv_"))
    }
    guard let first = folded.first else { return nil }
    return
      "a BatchNormalization seems to be folded into the "
      + "\(first.type == "Gemm" ? "product" : "convolution") with \(first.inputs[1])"
      + (folded.count > 1 ? " and \(folded.count - 1) more" : "")
      + ", so that none is trained; export with optimize=False (dynamo), or with "
      + "training=TrainingMode.TRAINING and do_constant_folding=False, to keep it"
  }

  /// The newer exporter leaves out biases that are zeros, as many are at the start.
  private var biasHint: String? {
    let bare = graph.nodes.filter { node in
      node.rewrites == [.bias] && node.inputs.count == 2
        && graph.initializers[node.inputs[1]] != nil
    }.map { $0.inputs[1] }
    guard let first = bare.first else { return nil }
    return
      "the layer with \(first)"
      + (bare.count > 1 ? " and \(bare.count - 1) more have" : " has")
      + " no bias in the file: the exporter leaves out biases that are zeros, and then they are not "
      + "trained; optimize=False keeps them"
  }

  /// Exporters make one tensor of those that are equal, as the gains and shifts of all normalisations
  /// are at the start.
  private var mergedHint: String? {
    let tied = Set(ties.map(\.other))
    var places: [String: Int] = [:]
    // An embedding that is also the output's matrix is meant to be one.
    for node in graph.nodes where node.type != "Gather" {
      guard node.outputs.first.map(tied.contains) != true else { continue }
      for input in node.inputs { places[input, default: 0] += 1 }
    }
    let merged = parameters.map(\.name).filter { places[$0, default: 0] > 1 }
    guard let first = merged.first, let count = places[first] else { return nil }
    return
      "\(first) stands in \(count) places and is trained as one tensor"
      + (merged.count > 1 ? ", and so are \(merged.count - 1) more" : "")
      + "; if the model has a tensor for each place, the exporter has merged them because their values "
      + "are equal: export with optimize=False (dynamo), or with training=TrainingMode.TRAINING, to "
      + "keep them apart"
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
}
