import Differentiation
import Tensors

/// `BatchNormalization`, in whichever form it was exported: by the statistics of the shard while training
/// and by the running ones elsewhere.
///
/// That a file says `training_mode=0` only means that the exporter
/// looked at it that way.
struct BatchNormalizationOperator: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let x = try call.tensor(0)
    let shape = x.shape.dimensions
    guard shape.count >= 2 else {
      throw call.problem("it normalises [batch, channels, …], not \(shape)")
    }
    for i in 1...4 where try call.dimensions(i) != [shape[1]] {
      throw call.problem(
        "its input \(i) (\(call.name(i))) has the shape \(try call.dimensions(i)) for \(shape[1]) channels"
      )
    }
    let (mean, variance) = (try call.tensor(3), try call.tensor(4))
    guard !mean.isActive, !variance.isActive else {
      throw call.problem("its running mean and variance must be tensors of the file")
    }
    return [
      .variable(
        call.tape.batchNormalized(
          x, weight: try call.tensor(1), bias: try call.tensor(2), runningMean: mean,
          runningVariance: variance, epsilon: try call.epsilon()))
    ]
  }
}
