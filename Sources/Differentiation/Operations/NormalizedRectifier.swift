import Tensors

/// z = rectified(γ x̂ + β): group normalisation and the leaky rectifier behind it, fused.
///
/// Memory traffic is what costs here: apart from sums, each of the four passes reads its operands
/// once and writes its result once. The formulas stand in `GroupNormalization`.
final class NormalizedRectifier<Number: Scalar>: Operation {
  let input: Operand<Number>
  let weight: Operand<Number>
  let bias: Operand<Number>
  let result: Variable<Number>
  private let normalization: GroupNormalization<Number>

  init(
    on tape: Tape<Number>, input: Variable<Number>, weight: Variable<Number>,
    bias: Variable<Number>, geometry: NormalizationGeometry
  ) {
    self.input = Operand(input)
    self.weight = Operand(weight)
    self.bias = Operand(bias)
    normalization = GroupNormalization(geometry)
    result = tape.result(input.shape, of: [self.input, self.weight, self.bias])
  }

  var operands: [Operand<Number>] { [input, weight, bias] }

  var work: OperationWork { OperationWork(kind: .normalization) }

  var needs: PrimalNeeds<Number> {
    let (x, z) = (input.variable, result)
    return PrimalNeeds(
      pullback: [x, z], tangent: [x, z], pullbackTangent: [x, z], tangentsInPullback: [x],
      cotangentInPullbackTangent: true)
  }

  func value() {
    normalization.value(
      input.variable.value, weight: weight.variable.value, bias: bias.variable.value,
      into: result.value)
  }

  func tangent() {
    normalization.tangent(
      input.variable.value, result.value, xTangent: input.variable.tangent,
      weight: (UnsafePointer(weight.variable.value), UnsafePointer(weight.variable.tangent)),
      biasTangent: bias.variable.tangent, into: result.tangent)
  }

  func pullback() {
    precondition(!weight.accumulates && !bias.accumulates, "a normalisation's weights are its own")
    normalization.pullback(
      input.variable.value, result.value, zCotangent: result.cotangent,
      weight: weight.variable.value,
      into: NormalizationGradients(
        input: input.variable.cotangent, weight: weight.variable.cotangent,
        bias: bias.variable.cotangent), accumulate: input.accumulates)
  }

  func pullbackTangent() {
    normalization.pullbackTangent(
      (UnsafePointer(input.variable.value), UnsafePointer(input.variable.tangent)),
      NormalizationCotangents(
        cotangent: result.cotangent, tangent: result.cotangentTangent, output: result.value),
      weight: (UnsafePointer(weight.variable.value), UnsafePointer(weight.variable.tangent)),
      into: NormalizationGradients(
        input: input.variable.cotangentTangent, weight: weight.variable.cotangentTangent,
        bias: bias.variable.cotangentTangent), accumulate: input.accumulates)
  }
}

extension Tape {
  /// Group normalisation of images, then the leaky rectifier.
  ///
  /// - Parameters:
  ///   - input: the images.
  ///   - weight: γ, `[channels]`.
  ///   - bias: β, `[channels]`.
  ///   - groups: neighbouring channels in equal groups; must divide the channels.
  ///   - epsilon: added to the variance.
  ///   - slope: the rectifier's at negative numbers; 1 leaves it out.
  public func normalizedRectified(
    _ input: Variable<Number>, weight: Variable<Number>, bias: Variable<Number>, groups: Int = 8,
    epsilon: Double = 1e-5, slope: Double = 0.01
  ) -> Variable<Number> {
    guard case .image(let batch, let channels, let height, let width) = input.shape,
      weight.count == channels, bias.count == channels, input.isActive
    else {
      preconditionFailure(
        "a normalisation of \(input.shape) with weights \(weight.shape) and \(bias.shape)")
    }
    return record(
      NormalizedRectifier(
        on: self, input: input, weight: weight, bias: bias,
        geometry: NormalizationGeometry(
          batch: batch, channels: channels, pixels: height * width, groups: groups,
          epsilon: epsilon, slope: slope)))
  }
}
