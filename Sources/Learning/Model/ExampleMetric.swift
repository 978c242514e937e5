import Differentiation
import Tensors

/// A number for each example whose mean over a held-out set is reported, or a function of the mean.
public struct ExampleMetric<Number: Scalar> {
  /// What reports call it, such as `accuracy`.
  public let name: String
  /// The variables that `value` reads after a replay.
  let variables: [Variable<Number>]
  /// The number of an example of the shard.
  let value: (_ example: Int) -> Double
  /// What is reported of the mean.
  let conclusion: (_ mean: Double) -> Double

  /// A metric.
  ///
  /// - Parameters:
  ///   - name: unique in its model.
  ///   - variables: what `value` reads; their values stay in place after a replay.
  ///   - conclusion: what is reported of the mean; the mean itself by default.
  ///   - value: the number of an example, from 0 on in its shard.
  public init(
    _ name: String, reading variables: [Variable<Number>],
    conclusion: @escaping (_ mean: Double) -> Double = { $0 },
    _ value: @escaping (_ example: Int) -> Double
  ) {
    self.conclusion = conclusion
    self.name = name
    self.variables = variables
    self.value = value
  }

  /// Whether the largest logit, the first of equals, is the label's: 1 or 0.
  ///
  /// - Parameters:
  ///   - logits: `[count, classes]`.
  ///   - labels: `[count]`.
  public static func accuracy(_ logits: Variable<Number>, labels: IntegerInput) -> ExampleMetric {
    let classes = max(1, logits.count / max(1, labels.count))
    return ExampleMetric("accuracy", reading: [logits]) { example in
      let x = logits.value + example * classes
      var best = 0
      for c in 1..<classes where x[c] > x[best] { best = c }
      return best == Int(labels.pointer[example]) ? 1 : 0
    }
  }
}
