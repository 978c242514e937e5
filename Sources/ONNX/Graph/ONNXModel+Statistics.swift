extension ONNXModel {
  /// A tensor that follows what minibatches measure: the running mean or variance of a batch
  /// normalisation.
  public struct Statistic: Equatable, Sendable {
    /// The initializer's name in the file.
    public let name: String
    /// As the file has it: `[channels]`.
    public let dimensions: [Int]
    /// Initial values.
    public let values: [Double]
    /// What it is before anything was measured: 0 for a mean, 1 for a variance.
    public let fresh: Double
    /// m in r ← m r + (1 − m) s: the operator's `momentum`, 0.9 if the file does not say.
    public let momentum: Double
  }
}

extension Graph {
  /// The running statistics of all batch normalisations, in the order of the nodes.
  ///
  /// - Parameter parameters: the names of what is trained.
  func statistics(
    besides parameters: Set<String>, _ problems: inout ProblemList
  ) -> [ONNXModel.Statistic] {
    var result: [ONNXModel.Statistic] = []
    var seen = parameters
    for node in nodes where node.type == "BatchNormalization" {
      var momentum = 0.9
      if case .float(let number) = node.attributes["momentum"] {
        // The file has it in single precision: the nearest to a number of few digits, such as 0.9.
        momentum = Double("\(Float(number))") ?? number
      }
      guard momentum >= 0, momentum <= 1 else {
        problems.add(ModelProblem(node, "its momentum is \(momentum): it must be from 0 to 1"))
        continue
      }
      guard node.inputs.count == 5 else {
        problems.add(
          ModelProblem(node, "it has \(node.inputs.count) inputs instead of 5"))
        continue
      }
      for (place, what) in [(3, "mean"), (4, "variance")] {
        let name = node.inputs[place]
        guard let tensor = initializers[name], case .floats(let values) = tensor.elements,
          tensor.dimensions.count == 1
        else {
          problems.add(
            ModelProblem(
              node,
              "its running \(what) \(name.shortened) is not a tensor of the file with one axis")
          )
          continue
        }
        guard seen.insert(name).inserted else {
          problems.add(
            ModelProblem(
              node,
              "its running \(what) \(name.shortened) has another use as well; each normalisation "
                + "needs its own"))
          continue
        }
        result.append(
          ONNXModel.Statistic(
            name: name, dimensions: tensor.dimensions, values: values, fresh: place == 3 ? 0 : 1,
            momentum: momentum))
      }
    }
    return result
  }
}
