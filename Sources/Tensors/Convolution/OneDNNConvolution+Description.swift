import COneDNN

/// The three products of a convolution.
public enum ConvolutionPass: String, CaseIterable, Sendable {
  /// Computes y.
  case forward
  /// Computes x̄.
  case inputGradient = "input gradient"
  /// Computes w̄.
  case weightGradient = "weight gradient"
}

extension OneDNNConvolution {
  /// The description of a kernel with this module's attributes; the caller must destroy it.
  func describe(
    _ pass: ConvolutionPass, bias: Bool = false, accumulate: Bool = false
  ) -> dnnl_primitive_desc_t? {
    switch pass {
    case .forward: forward(bias: bias, accumulate: accumulate)
    case .inputGradient: withHint { inputGradient(hint: $0) }
    case .weightGradient: withHint { weightGradient(bias: bias, hint: $0) }
    }
  }

  /// oneDNN's name for the kernel it chose, such as `jit:avx2`.
  func implementation(of pass: ConvolutionPass) -> String {
    let description = describe(pass)
    defer { dnnl_primitive_desc_destroy(description) }
    return OneDNN.implementation(of: description)
  }

  /// Whether oneDNN has native kernels in every direction for images in a layout; tested with a
  /// convolution typical of the middle of a network.
  static func hasKernels(for layout: ImageLayout) -> Bool {
    let geometry = ConvolutionGeometry(
      batch: 1, inputChannels: 32, outputChannels: 32, height: 8, width: 8, kernel: 3, padding: 1)
    let convolution = OneDNNConvolution(geometry, compute: .full, images: layout)
    return ConvolutionPass.allCases.allSatisfy {
      !KernelName.isReference(convolution.implementation(of: $0))
    }
  }

  private func forward(bias: Bool, accumulate: Bool) -> dnnl_primitive_desc_t? {
    var (input, weights, output) = (read(.input), read(.weights), written(.output))
    var biasLayout = self.bias
    return described(accumulate: accumulate) { operation in
      withUnsafePointer(to: &biasLayout) { biasLayout in
        dnnl_convolution_forward_desc_init(
          &operation, dnnl_forward_training, dnnl_convolution_direct, &input, &weights,
          bias ? biasLayout : nil, &output, strides, padding, padding)
      }
    }
  }

  private func inputGradient(hint: dnnl_primitive_desc_t?) -> dnnl_primitive_desc_t? {
    var (input, weights, output) = (written(.input), read(.weights), read(.output))
    return described(hint: hint) { operation in
      dnnl_convolution_backward_data_desc_init(
        &operation, dnnl_convolution_direct, &input, &weights, &output, strides, padding, padding)
    }
  }

  private func weightGradient(bias: Bool, hint: dnnl_primitive_desc_t?) -> dnnl_primitive_desc_t? {
    let images = imagesOfWeightGradient
    var (input, output) = (read(.input, images), read(.output, images))
    var (weights, biasLayout) = (written(.weights), self.bias)
    return described(hint: hint) { operation in
      withUnsafePointer(to: &biasLayout) { biasLayout in
        dnnl_convolution_backward_weights_desc_init(
          &operation, dnnl_convolution_direct, &input, &weights, bias ? biasLayout : nil, &output,
          strides, padding, padding)
      }
    }
  }

  /// The backward passes take the forward description as a hint.
  private func withHint(
    _ body: (dnnl_primitive_desc_t?) -> dnnl_primitive_desc_t?
  ) -> dnnl_primitive_desc_t? {
    let hint = describe(.forward)
    defer { dnnl_primitive_desc_destroy(hint) }
    return body(hint)
  }

  private func described(
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
}

extension OneDNN {
  /// The implementation name in a primitive's description.
  static func implementation(of description: dnnl_primitive_desc_t?) -> String {
    var name: UnsafePointer<CChar>?
    check(
      dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name),
      "dnnl_primitive_desc_query")
    return name.map { String(cString: $0) } ?? ""
  }
}
