import COneDNN

/// Convolution by oneDNN, with activations and weights in the layouts of ``ConvolutionGeometry``.
///
/// Kernels are created on first use. If one needs an operand in another layout (the transposed
/// blocks of the input gradient) or rounded to bfloat16, the operand is converted first; results
/// are always float32.
final class OneDNNConvolution: ConvolutionKernels {
  typealias Number = Float

  let geometry: ConvolutionGeometry
  private let compute: ComputePrecision
  /// The layout in which kernels read and write images: their own, or channels last for kernels of
  /// the matrix unit (AMX) that require it.
  private let images: ImageLayout
  private(set) lazy var sums: (any ConvolutionSums<Float>)? =
    compute == .full ? WinogradConvolution(geometry) : nil
  private var converted: [ConvertedOperand] = []
  private var held: [ConvolutionOperand: UnsafePointer<Float>] = [:]
  private lazy var plain = ForwardKernel(self, bias: false, accumulate: false)
  private lazy var biased = ForwardKernel(self, bias: true, accumulate: false)
  private lazy var adding = ForwardKernel(self, bias: false, accumulate: true)
  private lazy var toInput = InputGradientKernel(self)
  private lazy var toWeights = WeightGradientKernel(self, bias: false)
  private lazy var toWeightsAndBias = WeightGradientKernel(self, bias: true)

  init(_ geometry: ConvolutionGeometry, compute: ComputePrecision, images: ImageLayout) {
    self.geometry = geometry
    self.compute = compute
    self.images = images
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

  func hold(_ operand: ConvolutionOperand, at pointer: UnsafePointer<Float>?) {
    held[operand] = pointer
    for conversion in converted { conversion.hold(operand, at: pointer) }
  }

  /// The conversion of an operand for a kernel; shared by kernels that need the same one.
  func conversion(
    of operand: ConvolutionOperand, to layout: dnnl_memory_desc_t
  ) -> ConvertedOperand {
    if let known = converted.first(where: { $0.isLike(operand, layout) }) { return known }
    let conversion = ConvertedOperand(operand, from: ours(operand, like: layout), to: layout)
    conversion.hold(operand, at: held[operand])
    converted.append(conversion)
    return conversion
  }

  // MARK: Descriptions

  /// The strides of the kernel.
  var strides: [dnnl_dim_t] { [dnnl_dim_t(geometry.stride), dnnl_dim_t(geometry.stride)] }
  /// The zero padding at the edges.
  var padding: [dnnl_dim_t] { [dnnl_dim_t(geometry.padding), dnnl_dim_t(geometry.padding)] }
  /// The description of a bias.
  var bias: dnnl_memory_desc_t { OneDNN.description([geometry.outputChannels], dnnl_a) }

  /// A float32 tensor in the layout of ``ConvolutionGeometry``.
  ///
  /// A single block of channels has two names, blocked and NHWC, for the same memory layout, and so
  /// does a single channel; returns the one equal to `layout`, if any.
  func ours(_ operand: ConvolutionOperand, like layout: dnnl_memory_desc_t) -> dnnl_memory_desc_t {
    let sizes = sizes(operand)
    if operand == .weights {
      return OneDNN.description(sizes, geometry.inputIsPlanar ? dnnl_Acdb16a : dnnl_ABcd16b16a)
    }
    let channelsLast = OneDNN.description(sizes, dnnl_acdb)
    if [1, ConvolutionGeometry.block].contains(sizes[1]), OneDNN.areEqual(channelsLast, layout) {
      return channelsLast
    }
    let planar = operand == .input && geometry.inputIsPlanar
    return planar
      ? OneDNN.description(sizes, dnnl_abcd) : image(operand, dnnl_f32, .ofThisProcess)
  }

  /// The layout in which a kernel is asked to read a tensor; images in `layout`, or as chosen if
  /// nil.
  func read(_ operand: ConvolutionOperand, _ layout: ImageLayout? = nil) -> dnnl_memory_desc_t {
    let type = compute == .bfloat16 ? dnnl_bf16 : dnnl_f32
    return operand == .weights ? anyWeights(type) : image(operand, type, layout ?? images)
  }

  /// The layout in which a kernel is asked to write a tensor.
  func written(_ operand: ConvolutionOperand) -> dnnl_memory_desc_t {
    operand == .weights ? anyWeights(dnnl_f32) : image(operand, dnnl_f32, images)
  }

  /// If both sides are one block of channels, which is also NHWC, oneDNN has a faster weight
  /// gradient for that in float32, and none slower in bfloat16.
  var imagesOfWeightGradient: ImageLayout {
    let block = ConvolutionGeometry.block
    return geometry.inputChannels == block && geometry.outputChannels == block
      ? .channelsLast : images
  }

  private func image(
    _ operand: ConvolutionOperand, _ type: dnnl_data_type_t, _ layout: ImageLayout
  ) -> dnnl_memory_desc_t {
    let planar = operand == .input && geometry.inputIsPlanar
    let tag = layout == .channelsLast ? dnnl_acdb : planar ? dnnl_abcd : dnnl_aBcd16b
    return OneDNN.description(sizes(operand), tag, type)
  }

  private func anyWeights(_ type: dnnl_data_type_t) -> dnnl_memory_desc_t {
    OneDNN.description(sizes(.weights), dnnl_format_tag_any, type)
  }

  private func sizes(_ operand: ConvolutionOperand) -> [Int] {
    let g = geometry
    return switch operand {
    case .input: [g.batch, g.inputChannels, g.height, g.width]
    case .weights: [g.outputChannels, g.inputChannels, g.kernel, g.kernel]
    case .output: [g.batch, g.outputChannels, g.outputHeight, g.outputWidth]
    }
  }
}

extension Float {
  /// oneDNN, or hand-written loops where they are faster; bfloat16 kernels if the processor
  /// supports them.
  public static func convolution(
    _ geometry: ConvolutionGeometry, compute: ComputePrecision = .full
  ) -> any ConvolutionKernels<Float> {
    switch (compute, ConvolutionLibrary.bfloat16) {
    case (.full, _):
      NarrowConvolution(geometry)
        ?? OneDNNConvolution(geometry, compute: .full, images: .ofThisProcess)
    case (.bfloat16, .vectors):
      OneDNNConvolution(geometry, compute: .bfloat16, images: .ofThisProcess)
    case (.bfloat16, .matrixUnit):
      // A planar image has too few channels for the matrix unit: a third of the speed of vectors.
      OneDNNConvolution(
        geometry, compute: .bfloat16, images: geometry.inputIsPlanar ? .blocked : .channelsLast)
    case (.bfloat16, .rounding): RoundedConvolution(geometry, by: Float.convolution(geometry))
    }
  }
}
