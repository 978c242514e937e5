import COneDNN

/// y ← x ∗ w + bias, or y ← y + x ∗ w.
final class ForwardKernel {
  let primitiveDescription: dnnl_primitive_desc_t?
  private let primitive: OneDNNPrimitive
  private let input: ConvertedOperand
  private let weights: ConvertedOperand
  private let output: ConvertedResult

  init(_ convolution: OneDNNConvolution, bias: Bool, accumulate: Bool) {
    var input = convolution.read(.input)
    var weights = convolution.read(.weights)
    var output = convolution.written(.output)
    var biasLayout = convolution.bias
    let ours = convolution.ours(.output, like: output)
    // A result that is converted is added by the conversion.
    let kernelAdds = accumulate && OneDNN.areEqual(output, ours)
    primitiveDescription = describe(accumulate: kernelAdds) { operation in
      withUnsafePointer(to: &biasLayout) { biasLayout in
        dnnl_convolution_forward_desc_init(
          &operation, dnnl_forward_training, dnnl_convolution_direct, &input, &weights,
          bias ? biasLayout : nil, &output, convolution.strides, convolution.padding,
          convolution.padding)
      }
    }
    primitive = OneDNNPrimitive(primitiveDescription)
    weights = primitive.layout(dnnl_query_weights_md)
    primitive.addArgument(DNNL_ARG_SRC, input)
    primitive.addArgument(DNNL_ARG_WEIGHTS, weights)
    primitive.addArgument(DNNL_ARG_DST, output)
    if bias { primitive.addArgument(DNNL_ARG_BIAS, biasLayout) }
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

  init(_ convolution: OneDNNConvolution, hint: dnnl_primitive_desc_t?) {
    var input = convolution.written(.input)
    var weights = convolution.read(.weights)
    var output = convolution.read(.output)
    let description = describe(hint: hint) { operation in
      dnnl_convolution_backward_data_desc_init(
        &operation, dnnl_convolution_direct, &input, &weights, &output, convolution.strides,
        convolution.padding, convolution.padding)
    }
    primitive = OneDNNPrimitive(description)
    weights = primitive.layout(dnnl_query_weights_md)
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

  init(_ convolution: OneDNNConvolution, bias: Bool, hint: dnnl_primitive_desc_t?) {
    let images = convolution.imagesOfWeightGradient
    var input = convolution.read(.input, images)
    var weights = convolution.written(.weights)
    var output = convolution.read(.output, images)
    var biasLayout = convolution.bias
    let description = describe(hint: hint) { operation in
      withUnsafePointer(to: &biasLayout) { biasLayout in
        dnnl_convolution_backward_weights_desc_init(
          &operation, dnnl_convolution_direct, &input, &weights, bias ? biasLayout : nil, &output,
          convolution.strides, convolution.padding, convolution.padding)
      }
    }
    primitive = OneDNNPrimitive(description)
    weights = primitive.layout(dnnl_query_diff_weights_md)
    primitive.addArgument(DNNL_ARG_SRC, input)
    primitive.addArgument(DNNL_ARG_DIFF_DST, output)
    primitive.addArgument(DNNL_ARG_DIFF_WEIGHTS, weights)
    if bias { primitive.addArgument(DNNL_ARG_DIFF_BIAS, biasLayout) }
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

/// Describes a kernel with our attributes.
private func describe(
  accumulate: Bool = false, hint: dnnl_primitive_desc_t? = nil,
  _ initialize: (inout dnnl_convolution_desc_t) -> dnnl_status_t
) -> dnnl_primitive_desc_t? {
  OneDNN.withAttributes(accumulate: accumulate) { attributes in
    var operation = dnnl_convolution_desc_t()
    OneDNN.check(initialize(&operation), "convolution_desc_init")
    var description: dnnl_primitive_desc_t?
    OneDNN.check(
      dnnl_primitive_desc_create(
        &description, &operation, attributes, OneDNNContext.ofThisThread.engine, hint),
      "dnnl_primitive_desc_create")
    return description
  }
}
