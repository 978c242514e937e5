import Differentiation
import Tensors
import Testing

/// One operation inside a function that is curved on both sides of it: a variable made of
/// parameters goes in, and a linear layer with a cross-entropy comes after.
///
/// A new operation takes one line in `recordings`.
struct OperationCase: Sendable, CustomTestStringConvertible {
  let testDescription: String

  static let allCases = recordings(Double.self).map { OperationCase(testDescription: $0.name) }

  /// The case as a scalar function of a flat vector.
  func problem<Number: Scalar>(
    _: Number.Type, compute: ComputePrecision = .full, memory: TapeMemory = .shared
  ) -> TapeProblem<Number> {
    guard let found = Self.recordings(Number.self).first(where: { $0.name == testDescription })
    else { preconditionFailure("there is no case \(testDescription)") }
    func record(_ tape: Tape<Number>) -> (OperationRecorder<Number>, OperationRecorder<Number>.Case)
    {
      let recorder = OperationRecorder(tape)
      return (recorder, recorder.classified(found.record(recorder)))
    }
    // Once to count the parameters.
    let count = record(Tape(compute: compute)).0.parameterCount
    return TapeProblem<Number>(parameterCount: count, compute: compute, memory: memory) {
      record($0).1
    }
  }
}

/// The name of a case, and what it records.
typealias OperationRecording<Number: Scalar> = (
  name: String, record: (OperationRecorder<Number>) -> Variable<Number>
)

extension OperationCase {
  /// All cases.
  static func recordings<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    convolutions(Number.self) + normalizations(Number.self) + elementwise(Number.self)
      + rearrangements(Number.self) + rows(Number.self) + functions(Number.self)
      + broadcasts(Number.self) + products(Number.self) + softmaxes(Number.self)
      + layouts(Number.self) + layerNormalizations(Number.self) + tokens(Number.self)
      + planes(Number.self) + recurrences(Number.self) + piecewise(Number.self)
      + selections(Number.self) + windows(Number.self) + batchNormalizations(Number.self)
  }

  private static func convolutions<Number: Scalar>(
    _: Number.Type
  ) -> [OperationRecording<Number>] {
    func first(_ r: OperationRecorder<Number>, _ channels: Int) -> Variable<Number> {
      let shape = Shape.image(batch: r.batch, channels: channels, height: 7, width: 7)
      return r.convolved(
        r.constant(shape, seed: 3), from: channels, to: 16, kernel: 5, padding: 1)
    }
    return [
      ("plainConvolution", { $0.convolved($0.image(16, 5), from: 16, to: 16, kernel: 3) }),
      (
        "paddedConvolution",
        { $0.convolved($0.image(32, 4), from: 32, to: 16, kernel: 3, padding: 1) }
      ),
      (
        "stridedConvolution",
        { $0.convolved($0.image(16, 6), from: 16, to: 32, kernel: 3, stride: 2, padding: 1) }
      ),
      (
        "unbiasedConvolution",
        { $0.convolved($0.image(16, 4), from: 16, to: 32, kernel: 1, stride: 2, bias: false) }
      ),
      ("planarConvolution", { first($0, 1) }),
      ("colourConvolution", { first($0, 3) }),
      (
        "sharedWeights",
        { r in
          let weights = r.parameter(.vector(16 * 16 * 9))
          let once = r.tape.convolution(
            r.image(16, 4), weights: weights, outputChannels: 16, kernel: 3, padding: 1)
          return r.tape.convolution(
            once, weights: weights, outputChannels: 16, kernel: 3, padding: 1)
        }
      ),
      (
        "residual",
        { r in
          let x = r.image(16, 4)
          let inner = r.convolved(r.tape.leakyRectified(x), from: 16, to: 16, kernel: 3, padding: 1)
          return r.tape.sum(x, r.tape.sum(inner, x))
        }
      ),
    ]
  }

  private static func normalizations<Number: Scalar>(
    _: Number.Type
  ) -> [OperationRecording<Number>] {
    func normalized(
      _ r: OperationRecorder<Number>, _ channels: Int, groups: Int
    ) -> Variable<Number> {
      r.tape.normalizedRectified(
        r.image(channels, 3), weight: r.tensor(channels), bias: r.tensor(channels),
        groups: groups, epsilon: 1e-3, slope: 0.1)
    }
    return [
      // Groups of 2 channels, and groups of 24 that reach over blocks.
      ("normalization", { normalized($0, 16, groups: 8) }),
      ("wideGroups", { normalized($0, 48, groups: 2) }),
      (
        "normalizationInResidual",
        { r in
          let x = r.image(16, 4)
          let inner = r.tape.normalizedRectified(
            x, weight: r.tensor(16), bias: r.tensor(16), groups: 4)
          return r.tape.sum(x, r.convolved(inner, from: 16, to: 16, kernel: 3, padding: 1))
        }
      ),
    ]
  }

  private static func elementwise<Number: Scalar>(
    _: Number.Type
  ) -> [OperationRecording<Number>] {
    [
      ("maximumPool", { $0.tape.maximumPool($0.image(16, 6), window: 2) }),
      ("overlappingMaximumPool", { $0.tape.maximumPool($0.image(16, 5), window: 3, stride: 1) }),
      ("maximumPoolWithRest", { $0.tape.maximumPool($0.image(16, 5), window: 2) }),
      ("averagePool", { $0.tape.averagePool($0.image(32, 4), window: 2) }),
      ("overlappingAveragePool", { $0.tape.averagePool($0.image(16, 5), window: 3, stride: 2) }),
      ("leakyRectifier", { $0.tape.leakyRectified($0.image(16, 4), slope: 0.1) }),
      ("tanh", { $0.tape.tanh($0.tensor(3, 5, 7)) }),
      (
        "tanhInResidual",
        {
          let x = $0.image(16, 2)
          return $0.tape.sum(x, $0.tape.tanh(x))
        }
      ),
      (
        "sumsWithConstants",
        {
          let (x, c) = ($0.tensor(3, 9), $0.constant(.tensor([3, 9]), seed: 7))
          return $0.tape.sum(c, $0.tape.sum($0.tape.tanh(x), c))
        }
      ),
      ("softplus", { $0.tape.softplus($0.tensor(3, 5, 7)) }),
      (
        "softplusInResidual",
        {
          let x = $0.tensor(3, 4)
          return $0.tape.sum(x, $0.tape.softplus(x))
        }
      ),
    ]
  }

  private static func rearrangements<Number: Scalar>(
    _: Number.Type
  ) -> [OperationRecording<Number>] {
    [
      ("flattening", { $0.image(48, 3) }),
      ("flatteningOfPlanes", { $0.tape.tanh($0.image(3, 4)) }),
      ("reshaping", { $0.tape.reshaped($0.tape.tanh($0.tensor(2, 3, 5)), to: [3, 10]) }),
      ("tensorOfImages", { $0.tape.tanh($0.tape.tensor(of: $0.image(32, 3))) }),
      (
        "imagesOfTensor",
        { $0.tape.averagePool($0.tape.images(of: $0.tensor(3, 32, 2, 2)), window: 2) }
      ),
      ("imagesOfPlanes", { $0.tape.tanh($0.tape.images(of: $0.tensor(3, 2, 4, 4))) }),
      (
        "thereAndBack",
        { r in
          let (x, t) = (r.image(16, 3), r.tensor(3, 16, 3, 3))
          let y = r.tape.sum(x, r.tape.images(of: t))
          return r.tape.sum(
            r.tape.tensor(of: r.tape.sum(x, y)), r.tape.sum(t, r.tape.tensor(of: x)))
        }
      ),
      (
        "constantImages",
        {
          let x = $0.constant(.tensor([3, 16, 4, 4]), seed: 5)
          return $0.convolved($0.tape.images(of: x), from: 16, to: 16, kernel: 3)
        }
      ),
    ]
  }

  private static func rows<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    [
      (
        "bias",
        {
          let x = $0.tensor(3, 33)
          return $0.tape.adding(bias: $0.tensor(33), to: x)
        }
      ),
      ("matrixProduct", { $0.tape.matrixProduct($0.tensor(3, 19), transposed: $0.tensor(21, 19)) }),
      (
        "constantLeft",
        {
          $0.tape.matrixProduct(
            $0.constant(.tensor([3, 19]), seed: 4), transposed: $0.tensor(21, 19))
        }
      ),
      (
        "constantRight",
        {
          $0.tape.matrixProduct(
            $0.tensor(3, 19), transposed: $0.constant(.tensor([21, 19]), seed: 4))
        }
      ),
      ("crossEntropy", { $0.tensor(3, 7) }),
      (
        "crossEntropyOfTokens",
        {
          $0.tape.crossEntropy($0.tensor(3, 4, 6), labels: $0.labels(.tensor([3, 4]), classes: 6))
        }
      ),
      ("squaredError", { $0.tape.squaredError($0.tensor(3, 5, 7), $0.tensor(3, 5, 7)) }),
      (
        "squaredErrorOfConstant",
        { $0.tape.squaredError($0.constant(.tensor([3, 6]), seed: 6), $0.tensor(3, 6)) }
      ),
      (
        "squaredErrorToConstant",
        { $0.tape.squaredError($0.tensor(3, 6), $0.constant(.tensor([3, 6]), seed: 6)) }
      ),
      (
        "squaredErrorAmongOthers",
        { r in
          let (x, t) = (r.tensor(3, 1), r.tensor(3, 1))
          let error = r.tape.reshaped(r.tape.squaredError(x, t), to: [3, 1])
          return r.tape.sum(r.tape.sum(x, t), error)
        }
      ),
    ]
  }
}
