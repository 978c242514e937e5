import Differentiation
import Tensors

extension ONNXModel {
  /// Inputs, parameters and constants by name.
  func values<Number: Scalar>(
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
