import Differentiation
import Tensors

// Values in the layout of convolutions, as long as operators can keep it.
extension OperatorCall {
  /// An input as it is laid out, image or tensor, for what goes number by number.
  func elements(_ i: Int) throws(ModelProblem) -> Variable<Number> {
    if case .variable(let x) = try value(i), case .image = x.shape, x.count > 0 { return x }
    return try tensor(i)
  }

  /// An input that is an image in blocks of channels; nil for everything else.
  func blockedImage(_ i: Int) throws(ModelProblem) -> Variable<Number>? {
    guard case .variable(let x) = try value(i), case .image(_, let channels, _, _) = x.shape,
      channels % ConvolutionGeometry.block == 0, x.count > 0
    else { return nil }
    return x
  }
}

extension OperatorCall {
  /// The mean over all pixels of a square image in blocks of channels, `[batch, channels, 1, 1]`; nil
  /// for every other input.
  func pooledImage() throws(ModelProblem) -> Variable<Number>? {
    guard let x = try blockedImage(0), x.shape.dimensions[2] == x.shape.dimensions[3] else {
      return nil
    }
    return tape.tensor(of: tape.averagePool(x, window: x.shape.dimensions[2]))
  }
}

/// A `Conv` with its weights in blocks.
struct BlockedConv {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    var x = try call.elements(0)
    guard x.shape.dimensions.count == 4, case .variable(let weights) = try call.value(1),
      case .integers(let kernel) = call.node.attributes[BlockedConvolution.mark], kernel.count == 4
    else {
      throw call.problem("its weights are for images, and its input is \(x.shape)")
    }
    let from = x.shape.dimensions
    guard kernel[1] == from[1] else {
      throw call.problem("\(from) in 1 groups with weights \(kernel)")
    }
    let axes = try WindowAxis.axes(
      call, lengths: Array(from[2...]), kernels: Array(kernel[2...]))
    try call.check(variable: [from[0], kernel[0]] + axes.map(\.count))
    if case .tensor = x.shape { x = call.tape.images(of: x) }
    // A bias that is known is no parameter of the kernel; most are zeros.
    var (bias, shift): (Variable<Number>?, HostTensor?) = (nil, nil)
    if call.has(2) {
      guard try call.dimensions(2) == [kernel[0]] else {
        throw call.problem("its bias is \(try call.dimensions(2)), and its weights are \(kernel)")
      }
      if case .constant(let host) = try call.value(2) {
        shift = host.numbers.allSatisfy { $0 == 0 } ? nil : host
      } else {
        bias = try call.tensor(2)
      }
    }
    let y = call.tape.convolution(
      x, weights: weights, bias: bias, outputChannels: kernel[0], kernel: kernel[2],
      stride: axes[0].stride, padding: axes[0].before)
    guard let shift else { return [.variable(y)] }
    return [
      .variable(
        call.tape.sum(
          call.tape.tensor(of: y), call.tape.constant(shift.numbers, [kernel[0], 1, 1])))
    ]
  }
}

/// A group normalisation with its rectifier, as ``Graph/withGroupNormalizations`` makes it.
struct FusedGroupNormalizationOperator: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let shape = try call.dimensions(0)
    let (gamma, beta) = (try call.tensor(1), try call.tensor(2))
    let groups = try call.int("num_groups", 0)
    let slope = try call.float(FusedGroupNormalization.slope, 1)
    guard shape.count == 4, gamma.count == shape[1], beta.count == shape[1], groups > 0,
      shape[1] % groups == 0
    else {
      throw call.problem(
        "\(shape) in \(groups) groups with a scale of \(gamma.shape) and a bias of \(beta.shape)")
    }
    if let x = try call.blockedImage(0), x.isActive, gamma.isActive, beta.isActive,
      try call.flag(FusedGroupNormalization.owns)
    {
      return [
        .variable(
          call.tape.normalizedRectified(
            x, weight: gamma, bias: beta, groups: groups, epsilon: try call.epsilon(), slope: slope)
        )
      ]
    }
    let rows = try call.normalized(
      try call.tensor(0), rows: shape[0] * groups, epsilon: try call.epsilon())
    let one = [shape[1], 1, 1]
    let y = call.tape.sum(
      call.tape.product(rows, try call.tensor(try call.reshaped(.variable(gamma), one), "γ")),
      try call.tensor(try call.reshaped(.variable(beta), one), "β"))
    switch slope {
    case 1: return [.variable(y)]
    case 0: return [.variable(call.tape.rectified(y))]
    default: return [.variable(call.tape.leakyRectified(y, slope: Number(slope)))]
    }
  }
}
