import Differentiation
import Tensors

// Cases of operations that know whether a step is taken.
extension OperationCase {
  static func batchNormalizations<Number: Scalar>(
    _: Number.Type
  ) -> [OperationRecording<Number>] {
    func normalized(
      _ r: OperationRecorder<Number>, _ x: Variable<Number>, channels: Int, step: Int?,
      _ weight: Variable<Number>? = nil
    ) -> Variable<Number> {
      let mean = r.constant(.vector(channels), seed: 5)
      let root = r.constant(.vector(channels), seed: 6)
      r.tape.draws.set(seed: 0, step: step, examples: UnsafeBufferPointer(start: nil, count: 0))
      return r.tape.batchNormalized(
        x, weight: weight ?? r.positive(channels), bias: r.tensor(channels), runningMean: mean,
        runningVariance: r.tape.product(root, root), epsilon: 1e-2)
    }
    return [
      ("batchNormalization", { normalized($0, $0.tensor(3, 5, 2, 3), channels: 5, step: 4) }),
      ("batchNormalizationOfRows", { normalized($0, $0.tensor(3, 7), channels: 7, step: 0) }),
      (
        "batchNormalizationByRunningStatistics",
        { normalized($0, $0.tensor(3, 4, 6), channels: 4, step: nil) }
      ),
      (
        "batchNormalizationOfConstant",
        { normalized($0, $0.constant(.tensor([3, 2, 5]), seed: 3), channels: 2, step: 1) }
      ),
      (
        "batchNormalizationWithConstantWeight",
        { normalized($0, $0.tensor(3, 4), channels: 4, step: 1, $0.constant(.vector(4), seed: 2)) }
      ),
      (
        "batchNormalizationInResidual",
        { r in
          let x = r.tensor(3, 4, 5)
          return r.tape.sum(x, normalized(r, x, channels: 4, step: 1))
        }
      ),
    ]
  }
}
