/// An operation of a network and the kernel that implements it on this machine.
public struct KernelName: Hashable, Sendable {
  /// The operation in words, with its sizes.
  public let operation: String
  /// The library's name for the kernel, such as `jit:avx2` or `ref:any`.
  public let implementation: String

  /// Creates a name from an operation and its kernel.
  public init(operation: String, implementation: String) {
    self.operation = operation
    self.implementation = implementation
  }

  /// Whether it is a library's reference implementation, used on processors it has no kernels for.
  public var isReference: Bool { Self.isReference(implementation) }

  /// oneDNN's reference implementations have names such as `ref:any` and `gemm:ref`.
  static func isReference(_ implementation: String) -> Bool {
    implementation.split(separator: ":").contains("ref")
  }
}

/// Kernels that can report their implementation.
protocol NamedKernels {
  /// The library's, or this module's, name for the kernel of a pass.
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
