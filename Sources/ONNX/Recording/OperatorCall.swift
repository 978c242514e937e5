import Differentiation
import Tensors

/// A node that is being recorded, with its arguments.
struct OperatorCall<Number: Scalar> {
  /// The node.
  let node: Node
  /// The version of the default domain's operators.
  let opset: Int
  /// Values of the inputs; nil where an optional one is left out.
  let inputs: [GraphValue<Number>?]
  /// Where operations are recorded.
  let tape: Tape<Number>
}

/// An operator of ONNX, put on a tape.
///
/// A new operator is a small type like this and a line in the table of ``OperatorTable``.
protocol GraphOperator: Sendable {
  /// Records the operator, or computes its result if it is a constant.
  ///
  /// - Returns: one value for each output of the node that is computed.
  /// - Throws: what is not supported, or what does not fit.
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>]
}
