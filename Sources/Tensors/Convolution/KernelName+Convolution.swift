extension KernelName {
  /// The kernels that serve a convolution in `Float`: its products, and those of its tangents.
  ///
  /// Only descriptions are made, no kernels: a fraction of a millisecond each.
  public static func ofConvolution(
    _ geometry: ConvolutionGeometry, compute: ComputePrecision = .full
  ) -> [KernelName] {
    // Where bfloat16 is done by rounding the kernels are those of Float.
    let rounds = compute == .bfloat16 && ConvolutionLibrary.bfloat16 == .rounding
    let kernels = Float.convolution(geometry, compute: rounds ? .full : compute)
    let passes = ConvolutionPass.allCases.filter {
      // Nobody wants the gradient of the network's input.
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
