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
  /// - Throws: all that is not supported or does not fit.
  public func record<Number: Scalar>(
    _ inputs: [String: GraphValue<Number>], parameter: (String) -> Variable<Number>,
    on tape: Tape<Number>
  ) throws(ModelProblems) -> [GraphValue<Number>] {
    var values = inputs
    for (name, tensor) in graph.initializers { values[name] = .constant(tensor) }
    for one in parameters {
      let variable = parameter(one.name)
      values[one.name] = .variable(
        variable.shape == .tensor(one.dimensions)
          ? variable : tape.reshaped(variable, to: one.dimensions))
    }
    var recorder = GraphRecorder(graph, values: values, on: tape)
    return try recorder.record()
  }
}
