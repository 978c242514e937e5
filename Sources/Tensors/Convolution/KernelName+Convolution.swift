extension KernelName {
  /// The kernels used for a convolution in `Float`: its products, and those of its tangents.
  ///
  /// Creates descriptions only, not kernels: a fraction of a millisecond each.
  public static func ofConvolution(
    _ geometry: ConvolutionGeometry, compute: ComputePrecision = .full
  ) -> [KernelName] {
    // If bfloat16 is emulated by rounding, the kernels are those of Float.
    let rounds = compute == .bfloat16 && ConvolutionLibrary.bfloat16 == .rounding
    let kernels = Float.convolution(geometry, compute: rounds ? .full : compute)
    let passes = ConvolutionPass.allCases.filter {
      // The gradient with respect to the network's input is never needed.
      $0 != .inputGradient || !geometry.inputIsPlanar
    }
    let products = passes.map {
      KernelName(
        operation: "\($0.rawValue) of \(geometry)",
        implementation: (kernels as? any NamedKernels)?.implementation(of: $0) ?? "")
    }
    let batched = WinogradConvolution(geometry).map {
      [
        KernelName(
          operation: "tangents and gradients of \(geometry)", implementation: $0.implementation)
      ]
    }
    return products + (compute == .full ? batched ?? [] : [])
  }
}
