import COneDNN

/// Convolution by oneDNN, with activations and weights in the layouts of ``ConvolutionGeometry``.
///
/// Kernels are created when first used. Where one wants its weights in another layout (the transposed
/// blocks of the input gradient), they are reordered on the way.
final class OneDNNConvolution: ConvolutionKernels {
  typealias Number = Float

  private let geometry: ConvolutionGeometry
  private let weightLayout: dnnl_memory_desc_t
  private lazy var plain = ForwardKernel(self, bias: false, accumulate: false)
  private lazy var biased = ForwardKernel(self, bias: true, accumulate: false)
  private lazy var adding = ForwardKernel(self, bias: false, accumulate: true)
  private lazy var toInput = InputGradientKernel(self, hint: plain.primitiveDescription)
  private lazy var toWeights = WeightGradientKernel(
    self, bias: false, hint: plain.primitiveDescription)
  private lazy var toWeightsAndBias = WeightGradientKernel(
    self, bias: true, hint: plain.primitiveDescription)

  init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    weightLayout = OneDNN.description(
      [geometry.outputChannels, geometry.inputChannels, geometry.kernel, geometry.kernel],
      geometry.inputIsPlanar ? dnnl_Acdb16a : dnnl_ABcd16b16a)
  }

  func forward(
    input: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let kernel = accumulate ? adding : bias == nil ? plain : biased
    kernel.execute(input, weights, accumulate ? nil : bias, output)
  }

  func inputGradient(
    output: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    input: UnsafeMutablePointer<Float>
  ) {
    toInput.execute(output, weights, input)
  }

  func weightGradient(
    input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    weights: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?
  ) {
    (bias == nil ? toWeights : toWeightsAndBias).execute(input, output, weights, bias)
  }

  // MARK: Descriptions

  /// Sizes, layouts and steps of the three products.
  fileprivate struct Operands {
    var input, weights, output, bias: dnnl_memory_desc_t
    let strides, padding: [dnnl_dim_t]
  }

  /// Where both sides are one block of channels, NHWC names the same memory as the blocked layout,
  /// and oneDNN has a faster weight gradient for it.
  fileprivate func operands(channelsLast: Bool = false) -> Operands {
    let g = geometry
    let oneBlock = g.inputChannels == 16 && g.outputChannels == 16
    let blocked = channelsLast && oneBlock ? dnnl_acdb : dnnl_aBcd16b
    return Operands(
      input: OneDNN.description(
        [g.batch, g.inputChannels, g.height, g.width], g.inputIsPlanar ? dnnl_abcd : blocked),
      weights: OneDNN.description(
        [g.outputChannels, g.inputChannels, g.kernel, g.kernel], dnnl_format_tag_any),
      output: OneDNN.description(
        [g.batch, g.outputChannels, g.outputHeight, g.outputWidth], blocked),
      bias: OneDNN.description([g.outputChannels], dnnl_a),
      strides: [dnnl_dim_t(g.stride), dnnl_dim_t(g.stride)],
      padding: [dnnl_dim_t(g.padding), dnnl_dim_t(g.padding)])
  }

  /// Winograd (`dnnl_convolution_auto`) makes a plain step of WideResNet 16-2 17 % faster and
  /// loses three digits: h of six steps of a WideResNet 10-1 is then off by 3e-3 of its size, against
  /// 5e-7 with the direct kernels.
  fileprivate static var algorithm: dnnl_alg_kind_t { dnnl_convolution_direct }

  /// A reordering between the house's weight layout and the one a kernel asks for; nil if equal.
  fileprivate func weightReorder(to other: dnnl_memory_desc_t, back: Bool = false)
    -> WeightReorder?
  {
    var ours = weightLayout
    var theirs = other
    if dnnl_memory_desc_equal(&ours, &theirs) != 0 { return nil }
    return back ? WeightReorder(from: theirs, to: ours) : WeightReorder(from: ours, to: theirs)
  }
}

/// Copies weights between two layouts, through memory of its own.
private final class WeightReorder {
  let packed: Buffer<Float>
  private let primitive: OneDNNPrimitive

  init(from source: dnnl_memory_desc_t, to destination: dnnl_memory_desc_t) {
    var source = source
    var destination = destination
    let engine = OneDNNContext.ofThisThread.engine
    var description: dnnl_primitive_desc_t?
    OneDNN.check(
      dnnl_reorder_primitive_desc_create(
        &description, &source, engine, &destination, engine, nil),
      "dnnl_reorder_primitive_desc_create")
    primitive = OneDNNPrimitive(description)
    primitive.addArgument(DNNL_ARG_FROM, source)
    primitive.addArgument(DNNL_ARG_TO, destination)
    let bytes = max(dnnl_memory_desc_get_size(&source), dnnl_memory_desc_get_size(&destination))
    packed = Buffer(count: (bytes + 3) / 4)
  }

  /// The weights as the kernel wants them.
  func pack(_ weights: UnsafePointer<Float>) -> UnsafePointer<Float> {
    primitive.execute(weights, packed.pointer)
    return UnsafePointer(packed.pointer)
  }

  /// The kernel's result, as the house wants it.
  func unpack(to weights: UnsafeMutablePointer<Float>) {
    primitive.execute(packed.pointer, weights)
  }
}

/// Attributes: our scratchpad, and y ← y + … where asked.
private func withAttributes<Result>(
  accumulate: Bool, _ body: (dnnl_primitive_attr_t?) -> Result
) -> Result {
  var attributes: dnnl_primitive_attr_t?
  OneDNN.check(dnnl_primitive_attr_create(&attributes), "dnnl_primitive_attr_create")
  defer { dnnl_primitive_attr_destroy(attributes) }
  OneDNN.check(
    dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
    "dnnl_primitive_attr_set_scratchpad_mode")
  if accumulate {
    var operations: dnnl_post_ops_t?
    OneDNN.check(dnnl_post_ops_create(&operations), "dnnl_post_ops_create")
    OneDNN.check(dnnl_post_ops_append_sum(operations, 1), "dnnl_post_ops_append_sum")
    OneDNN.check(
      dnnl_primitive_attr_set_post_ops(attributes, operations), "dnnl_primitive_attr_set_post_ops")
    dnnl_post_ops_destroy(operations)
  }
  return body(attributes)
}

private func describe(
  _ operation: UnsafeRawPointer, accumulate: Bool = false, hint: dnnl_primitive_desc_t? = nil
) -> dnnl_primitive_desc_t? {
  withAttributes(accumulate: accumulate) { attributes in
    var description: dnnl_primitive_desc_t?
    OneDNN.check(
      dnnl_primitive_desc_create(
        &description, operation, attributes, OneDNNContext.ofThisThread.engine, hint),
      "dnnl_primitive_desc_create")
    return description
  }
}

private final class ForwardKernel {
  let primitiveDescription: dnnl_primitive_desc_t?
  private let primitive: OneDNNPrimitive
  private let reorder: WeightReorder?

  init(_ convolution: OneDNNConvolution, bias: Bool, accumulate: Bool) {
    var o = convolution.operands()
    var operation = dnnl_convolution_desc_t()
    OneDNN.check(
      withUnsafePointer(to: &o.bias) { biasLayout in
        dnnl_convolution_forward_desc_init(
          &operation, dnnl_forward_training, OneDNNConvolution.algorithm, &o.input, &o.weights,
          bias ? biasLayout : nil, &o.output, o.strides, o.padding, o.padding)
      }, "dnnl_convolution_forward_desc_init")
    primitiveDescription = describe(&operation, accumulate: accumulate)
    primitive = OneDNNPrimitive(primitiveDescription)
    let weights = primitive.layout(dnnl_query_weights_md)
    primitive.addArgument(DNNL_ARG_SRC, o.input)
    primitive.addArgument(DNNL_ARG_WEIGHTS, weights)
    primitive.addArgument(DNNL_ARG_DST, o.output)
    if bias { primitive.addArgument(DNNL_ARG_BIAS, o.bias) }
    reorder = convolution.weightReorder(to: weights)
  }

  func execute(
    _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>
  ) {
    primitive.execute(
      input, reorder?.pack(weights) ?? weights, output, bias.map { UnsafeRawPointer($0) })
  }
}

private final class InputGradientKernel {
  private let primitive: OneDNNPrimitive
  private let reorder: WeightReorder?

  init(_ convolution: OneDNNConvolution, hint: dnnl_primitive_desc_t?) {
    var o = convolution.operands()
    var operation = dnnl_convolution_desc_t()
    OneDNN.check(
      dnnl_convolution_backward_data_desc_init(
        &operation, OneDNNConvolution.algorithm, &o.input, &o.weights, &o.output, o.strides,
        o.padding,
        o.padding), "dnnl_convolution_backward_data_desc_init")
    primitive = OneDNNPrimitive(describe(&operation, hint: hint))
    let weights = primitive.layout(dnnl_query_weights_md)
    primitive.addArgument(DNNL_ARG_DIFF_DST, o.output)
    primitive.addArgument(DNNL_ARG_WEIGHTS, weights)
    primitive.addArgument(DNNL_ARG_DIFF_SRC, o.input)
    reorder = convolution.weightReorder(to: weights)
  }

  func execute(
    _ output: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
    _ input: UnsafeMutablePointer<Float>
  ) {
    primitive.execute(output, reorder?.pack(weights) ?? weights, input)
  }
}

private final class WeightGradientKernel {
  private let primitive: OneDNNPrimitive
  private let reorder: WeightReorder?

  init(_ convolution: OneDNNConvolution, bias: Bool, hint: dnnl_primitive_desc_t?) {
    var o = convolution.operands(channelsLast: true)
    var operation = dnnl_convolution_desc_t()
    OneDNN.check(
      withUnsafePointer(to: &o.bias) { biasLayout in
        dnnl_convolution_backward_weights_desc_init(
          &operation, OneDNNConvolution.algorithm, &o.input, &o.weights, bias ? biasLayout : nil,
          &o.output, o.strides, o.padding, o.padding)
      }, "dnnl_convolution_backward_weights_desc_init")
    primitive = OneDNNPrimitive(describe(&operation, hint: hint))
    let weights = primitive.layout(dnnl_query_diff_weights_md)
    primitive.addArgument(DNNL_ARG_SRC, o.input)
    primitive.addArgument(DNNL_ARG_DIFF_DST, o.output)
    primitive.addArgument(DNNL_ARG_DIFF_WEIGHTS, weights)
    if bias { primitive.addArgument(DNNL_ARG_DIFF_BIAS, o.bias) }
    reorder = convolution.weightReorder(to: weights, back: true)
  }

  func execute(
    _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
    _ weights: UnsafeMutablePointer<Float>, _ bias: UnsafeMutablePointer<Float>?
  ) {
    primitive.execute(
      input, output, reorder.map { UnsafePointer($0.packed.pointer) } ?? UnsafePointer(weights),
      bias.map { UnsafeRawPointer($0) })
    reorder?.unpack(to: weights)
  }
}

extension Float {
  /// oneDNN.
  public static func convolution(_ geometry: ConvolutionGeometry) -> any ConvolutionKernels<Float> {
    OneDNNConvolution(geometry)
  }
}
