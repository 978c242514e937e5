/// An operation of a network and the kernel that serves it on this machine.
public struct KernelName: Hashable, Sendable {
  /// The operation in words, with its sizes.
  public let operation: String
  /// What the library calls the kernel, such as `jit:avx2` or `ref:any`.
  public let implementation: String

  /// A kernel and what it serves.
  public init(operation: String, implementation: String) {
    self.operation = operation
    self.implementation = implementation
  }

  /// Whether it is a library's plain loop for processors it has no kernels for.
  public var isReference: Bool { Self.isReference(implementation) }

  /// oneDNN's plain loops have names such as `ref:any` and `gemm:ref`.
  static func isReference(_ implementation: String) -> Bool {
    implementation.split(separator: ":").contains("ref")
  }

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

/// Kernels that can say what they are.
protocol NamedKernels {
  /// What a library, or this module, calls the kernel of a pass.
  func implementation(of pass: ConvolutionPass) -> String
}

extension OneDNNConvolution: NamedKernels {}
extension NarrowConvolution: NamedKernels {}

extension ConvolutionGeometry: CustomStringConvertible {
  /// Such as `a 3×3 convolution of 16 images 32×32, 16 to 32 channels, step 1`.
  public var description: String {
    "a \(kernel)×\(kernel) convolution of \(batch) images \(height)×\(width), "
      + "\(inputChannels) to \(outputChannels) channels, step \(stride)"
  }
}
