import COneDNN

/// y ← x ∗ w + bias, or y ← y + x ∗ w.
final class ForwardKernel {
  private let primitive: OneDNNPrimitive
  private let input: ConvertedOperand
  private let weights: ConvertedOperand
  private let output: ConvertedResult

  init(_ convolution: OneDNNConvolution, bias: Bool, accumulate: Bool) {
    let output = convolution.written(.output)
    let ours = convolution.ours(.output, like: output)
    // If the result is converted, the conversion does the addition.
    let kernelAdds = accumulate && OneDNN.areEqual(output, ours)
    primitive = OneDNNPrimitive(
      convolution.describe(.forward, bias: bias, accumulate: kernelAdds))
    let input = convolution.read(.input)
    let weights = primitive.layout(dnnl_query_weights_md)
    primitive.addArgument(DNNL_ARG_SRC, input)
    primitive.addArgument(DNNL_ARG_WEIGHTS, weights)
    primitive.addArgument(DNNL_ARG_DST, output)
    if bias { primitive.addArgument(DNNL_ARG_BIAS, convolution.bias) }
    self.input = convolution.conversion(of: .input, to: input)
    self.weights = convolution.conversion(of: .weights, to: weights)
    self.output = ConvertedResult(.output, from: output, to: ours, accumulate: accumulate)
  }

  func execute(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ y: UnsafeMutablePointer<Float>
  ) {
    output.write(to: y) {
      primitive.execute(
        input.read(x), weights.read(w), UnsafeRawPointer($0), bias.map { UnsafeRawPointer($0) })
    }
  }
}

/// x̄ ← the adjoint of x ↦ x ∗ w at ȳ.
final class InputGradientKernel {
  private let primitive: OneDNNPrimitive
  private let output: ConvertedOperand
  private let weights: ConvertedOperand
  private let input: ConvertedResult

  init(_ convolution: OneDNNConvolution) {
    primitive = OneDNNPrimitive(convolution.describe(.inputGradient))
    let input = convolution.written(.input)
    let output = convolution.read(.output)
    let weights = primitive.layout(dnnl_query_weights_md)
    primitive.addArgument(DNNL_ARG_DIFF_DST, output)
    primitive.addArgument(DNNL_ARG_WEIGHTS, weights)
    primitive.addArgument(DNNL_ARG_DIFF_SRC, input)
    self.output = convolution.conversion(of: .output, to: output)
    self.weights = convolution.conversion(of: .weights, to: weights)
    self.input = ConvertedResult(.input, from: input, to: convolution.ours(.input, like: input))
  }

  func execute(
    _ y: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ x: UnsafeMutablePointer<Float>
  ) {
    input.write(to: x) { primitive.execute(output.read(y), weights.read(w), $0) }
  }
}

/// w̄ ← the adjoint of w ↦ x ∗ w at ȳ, and b̄.
final class WeightGradientKernel {
  private let primitive: OneDNNPrimitive
  private let input: ConvertedOperand
  private let output: ConvertedOperand
  private let weights: ConvertedResult

  init(_ convolution: OneDNNConvolution, bias: Bool) {
    primitive = OneDNNPrimitive(convolution.describe(.weightGradient, bias: bias))
    let images = convolution.imagesOfWeightGradient
    let input = convolution.read(.input, images)
    let output = convolution.read(.output, images)
    let weights = primitive.layout(dnnl_query_diff_weights_md)
    primitive.addArgument(DNNL_ARG_SRC, input)
    primitive.addArgument(DNNL_ARG_DIFF_DST, output)
    primitive.addArgument(DNNL_ARG_DIFF_WEIGHTS, weights)
    if bias { primitive.addArgument(DNNL_ARG_DIFF_BIAS, convolution.bias) }
    self.input = convolution.conversion(of: .input, to: input)
    self.output = convolution.conversion(of: .output, to: output)
    self.weights = ConvertedResult(
      .weights, from: weights, to: convolution.ours(.weights, like: weights))
  }

  func execute(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ w: UnsafeMutablePointer<Float>,
    _ bias: UnsafeMutablePointer<Float>?
  ) {
    weights.write(to: w) {
      primitive.execute(input.read(x), output.read(y), $0, bias.map { UnsafeRawPointer($0) })
    }
  }
}
