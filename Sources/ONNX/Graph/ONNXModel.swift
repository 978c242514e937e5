import Differentiation
import Tensors

/// A model that was read from an ONNX file, with the decision which of its tensors are trained.
public struct ONNXModel: Sendable {
  /// What decides about parameters against the rule.
  public struct Choices: Equatable, Sendable {
    /// Names or patterns (`*`, `?`) of tensors that stay as they are.
    public var freeze: [String] = []
    /// Names or patterns of tensors that are trained although the rule says that they are constants.
    public var train: [String] = []
    /// Whether tensors that are equal, or equal when transposed, are one parameter.
    public var ties = true

    /// The rule alone.
    public init() {}
  }

  /// A tensor that is trained.
  public struct Parameter: Equatable, Sendable {
    /// The initializer's name in the file.
    public let name: String
    /// As the file has it.
    public let dimensions: [Int]
    /// Initial values, row-major.
    public let values: [Double]
  }

  /// Trained tensors in the order of their first use.
  public let parameters: [Parameter]
  /// What the model takes.
  public let inputs: [GraphPort]
  /// What it gives.
  public let outputs: [GraphPort]
  /// The version of the operators.
  public let opset: Int

  let graph: Graph

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: the file; its external data may lie beside it or in folders below.
  ///   - choices: what is trained, against the rule.
  public init(contentsOf path: String, choices: Choices = Choices()) throws(ModelProblems) {
    fatalError("not written yet")
  }

  /// Puts the model on a tape for a shard of examples.
  ///
  /// - Parameters:
  ///   - inputs: the values of the inputs, by name.
  ///   - parameter: the variable of a parameter, by its name; its shape may be any with the same count.
  ///   - tape: where the operations go.
  /// - Returns: the outputs, in their order.
  public func record<Number: Scalar>(
    _ inputs: [String: GraphValue<Number>], parameter: (String) -> Variable<Number>,
    on tape: Tape<Number>
  ) throws(ModelProblems) -> [GraphValue<Number>] {
    fatalError("not written yet")
  }
}
