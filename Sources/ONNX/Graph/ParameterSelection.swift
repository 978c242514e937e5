/// The rule, and what the user says against it.
struct ParameterSelection {
  /// Names of what is trained, in the order of first use.
  private(set) var names: [String] = []
  /// Names of what the user wants to stay as it is.
  private(set) var frozen: Set<String> = []

  /// Decides.
  init(
    _ rule: ParameterRule, _ choices: ONNXModel.Choices, _ graph: Graph,
    _ problems: inout ProblemList
  ) {
    let trained = Self.fitting(choices.train, "train", rule, problems: &problems)
    frozen = Self.fitting(choices.freeze, "freeze", rule, problems: &problems)
    // To train a name is the exception from a pattern that freezes.
    frozen.subtract(trained)
    names = rule.order.filter { rule.isParameter($0) || trained.contains($0) }
  }

  private static func fitting(
    _ texts: [String], _ verb: String, _ rule: ParameterRule, problems: inout ProblemList
  ) -> Set<String> {
    let trainable = rule.order.filter(rule.isTrainable)
    var found: Set<String> = []
    for text in texts {
      let pattern = NamePattern(text)
      let fitting = trainable.filter(pattern.matches)
      found.formUnion(fitting)
      guard fitting.isEmpty else { continue }
      let obstacle = rule.order.contains(text) ? rule.obstacle(text) : nil
      let reason =
        if let obstacle {
          "\(text.shortened) \(obstacle)"
        } else {
          "no tensor that can be trained \(pattern.isWild ? "fits" : "is called") \(text.shortened)"
            + Self.suggestion(text, trainable)
        }
      problems.add(ModelProblem("there is nothing to \(verb): \(reason)"))
    }
    return found
  }

  private static func suggestion(_ text: String, _ names: [String]) -> String {
    let near = NearNames.of(text, among: names).map(\.shortened)
    return near.isEmpty ? "" : "; near names are \(near.enumerated)"
  }
}
