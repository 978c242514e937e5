import Differentiation
import Tensors

/// One operation inside a function that is curved on both sides of it: a variable made of
/// parameters goes in, and a linear layer with a cross-entropy comes after.
enum OperationCase: String, CaseIterable, Sendable {
  case plainConvolution, paddedConvolution, stridedConvolution, unbiasedConvolution
  case planarConvolution, colourConvolution, sharedWeights
  case maximumPool, overlappingMaximumPool, maximumPoolWithRest
  case averagePool, overlappingAveragePool
  case leakyRectifier, flattening, bias, matrixProduct, constantLeft, constantRight
  case residual, crossEntropy
  case normalization, wideGroups, normalizationInResidual

  private static let batch = 3

  /// The case as a scalar function of a flat vector.
  func problem<Number: Scalar>(
    _: Number.Type, compute: ComputePrecision = .full
  ) -> TapeProblem<Number> {
    var next = 0
    let count = 20000
    return TapeProblem<Number>(parameterCount: count, compute: compute) { tape in
      func parameter(_ shape: Shape) -> Variable<Number> {
        defer { next += (shape.count + 31) / 32 * 32 }
        return tape.parameter(shape, offset: next)
      }
      func image(_ channels: Int, _ side: Int) -> Variable<Number> {
        parameter(.image(batch: Self.batch, channels: channels, height: side, width: side))
      }
      func convolved(
        _ x: Variable<Number>, from inputs: Int, to outputs: Int, kernel: Int, stride: Int = 1,
        padding: Int = 0, bias: Bool = true
      ) -> Variable<Number> {
        tape.convolution(
          x, weights: parameter(.vector(outputs * inputs * kernel * kernel)),
          bias: bias ? parameter(.vector(outputs)) : nil, outputChannels: outputs, kernel: kernel,
          stride: stride, padding: padding)
      }
      var fill: () -> Void = {}
      let y: Variable<Number>
      switch self {
      case .plainConvolution: y = convolved(image(16, 5), from: 16, to: 16, kernel: 3)
      case .paddedConvolution:
        y = convolved(image(32, 4), from: 32, to: 16, kernel: 3, padding: 1)
      case .stridedConvolution:
        y = convolved(image(16, 6), from: 16, to: 32, kernel: 3, stride: 2, padding: 1)
      case .unbiasedConvolution:
        y = convolved(image(16, 4), from: 16, to: 32, kernel: 1, stride: 2, bias: false)
      case .planarConvolution, .colourConvolution:
        let channels = self == .planarConvolution ? 1 : 3
        let x = tape.input(.image(batch: Self.batch, channels: channels, height: 7, width: 7))
        fill = {
          for (i, value) in pseudorandom(x.count, seed: 3).enumerated() {
            x.value[i] = Number(value)
          }
        }
        y = convolved(x, from: channels, to: 16, kernel: 5, padding: 1)
      case .sharedWeights:
        let weights = parameter(.vector(16 * 16 * 9))
        let once = tape.convolution(
          image(16, 4), weights: weights, outputChannels: 16, kernel: 3, padding: 1)
        y = tape.convolution(once, weights: weights, outputChannels: 16, kernel: 3, padding: 1)
      case .maximumPool: y = tape.maximumPool(image(16, 6), window: 2)
      case .overlappingMaximumPool: y = tape.maximumPool(image(16, 5), window: 3, stride: 1)
      case .maximumPoolWithRest: y = tape.maximumPool(image(16, 5), window: 2)
      case .averagePool: y = tape.averagePool(image(32, 4), window: 2)
      case .overlappingAveragePool: y = tape.averagePool(image(16, 5), window: 3, stride: 2)
      case .leakyRectifier: y = tape.leakyRectified(image(16, 4), slope: 0.1)
      case .flattening: y = image(48, 3)
      case .residual:
        let x = image(16, 4)
        let inner = convolved(tape.leakyRectified(x), from: 16, to: 16, kernel: 3, padding: 1)
        y = tape.sum(x, tape.sum(inner, x))
      case .normalization, .wideGroups:
        // Groups of 2 channels, and groups of 24 that reach over blocks.
        let channels = self == .normalization ? 16 : 48
        y = tape.normalizedRectified(
          image(channels, 3), weight: parameter(.vector(channels)),
          bias: parameter(.vector(channels)), groups: self == .normalization ? 8 : 2,
          epsilon: 1e-3, slope: 0.1)
      case .normalizationInResidual:
        let x = image(16, 4)
        let inner = tape.normalizedRectified(
          x, weight: parameter(.vector(16)), bias: parameter(.vector(16)), groups: 4)
        y = tape.sum(x, convolved(inner, from: 16, to: 16, kernel: 3, padding: 1))
      case .bias:
        let x = parameter(.matrix(rows: Self.batch, columns: 33))
        y = tape.adding(bias: parameter(.vector(33)), to: x)
      case .matrixProduct:
        y = tape.matrixProduct(
          parameter(.matrix(rows: Self.batch, columns: 19)),
          transposed: parameter(.matrix(rows: 21, columns: 19)))
      case .constantLeft, .constantRight:
        let constant = tape.input(
          .matrix(rows: self == .constantLeft ? Self.batch : 21, columns: 19))
        fill = {
          for (i, value) in pseudorandom(constant.count, seed: 4).enumerated() {
            constant.value[i] = Number(value)
          }
        }
        y =
          self == .constantLeft
          ? tape.matrixProduct(
            constant, transposed: parameter(.matrix(rows: 21, columns: 19)))
          : tape.matrixProduct(
            parameter(.matrix(rows: Self.batch, columns: 19)), transposed: constant)
      case .crossEntropy: y = parameter(.matrix(rows: Self.batch, columns: 7))
      }
      let rows: Variable<Number>
      if case .image = y.shape { rows = tape.flattened(y) } else { rows = y }
      guard case .matrix(_, let columns) = rows.shape else { preconditionFailure("no rows") }
      let classes = 5
      let logits = tape.matrixProduct(
        rows, transposed: parameter(.matrix(rows: classes, columns: columns)))
      precondition(next <= count, "the case needs \(next) parameters")
      let labels = Labels(count: Self.batch)
      for i in 0..<Self.batch { labels.pointer[i] = Int32((2 * i + 1) % classes) }
      return (tape.crossEntropy(logits, labels: labels), fill)
    }
  }
}
