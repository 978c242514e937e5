import Differentiation
import Tensors

extension ONNXModel {
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
    var recorder = GraphRecorder(
      graph, values: values(inputs, parameter: parameter, on: tape), on: tape)
    return try recorder.record()
  }

  /// Inputs, parameters and constants by name.
  private func values<Number: Scalar>(
    _ inputs: [String: GraphValue<Number>], parameter: (String) -> Variable<Number>,
    on tape: Tape<Number>
  ) -> [String: GraphValue<Number>] {
    var values = graph.initializers.mapValues { GraphValue<Number>.constant($0) }
    for one in parameters {
      let variable = parameter(one.name)
      let isShaped = variable.shape == .tensor(one.dimensions)
      values[one.name] = .variable(
        isShaped ? variable : tape.reshaped(variable, to: one.dimensions))
    }
    return values.merging(inputs) { $1 }
  }
}
