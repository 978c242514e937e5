extension ONNXModel {
  /// A tensor of the file that is not trained.
  public struct Constant: Equatable, Sendable {
    /// The name in the file.
    public let name: String
    /// As the file has it.
    public let dimensions: [Int]
    /// Why it is not trained, as the end of a sentence about it.
    public let reason: String
  }

  /// The initializers that are used and not trained, in the order of their first use.
  public var constants: [Constant] {
    let rule = ParameterRule(graph, origins)
    let trained = Set(parameters.map(\.name))
    return rule.order.compactMap { name in
      guard !trained.contains(name), case .initializer? = origins[name],
        let tensor = graph.initializers[name]
      else { return nil }
      return Constant(
        name: name, dimensions: tensor.dimensions, reason: Self.reason(rule, name, tensor))
    }
  }

  private static func reason(_ rule: ParameterRule, _ name: String, _ tensor: HostTensor) -> String
  {
    if let obstacle = rule.obstacle(name) { return obstacle }
    if rule.isParameter(name) { return "is frozen" }
    if tensor.dimensions.isEmpty { return "is a single number" }
    return tensor.count == 1
      ? "is a number that the exporter computed"
      : "scales or shifts within a group normalisation, as the exporter computed it"
  }
}
