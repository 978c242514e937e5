import Tensors

/// A convolution of a network whose kernels are timed.
struct ConvolutionShape {
  let network: String
  let inputs: Int
  let outputs: Int
  /// Height and width of the input.
  let side: Int
  let kernel: Int
  let stride: Int
  let padding: Int

  init(
    _ network: String, _ inputs: Int, _ outputs: Int, side: Int, kernel: Int, stride: Int = 1,
    padding: Int = 0
  ) {
    self.network = network
    self.inputs = inputs
    self.outputs = outputs
    self.side = side
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  /// `3x3 16->32 at 32x32 /2`, the step only where it is not 1.
  var name: String {
    "\(kernel)x\(kernel) \(inputs)->\(outputs) at \(side)x\(side)"
      + (stride == 1 ? "" : " /\(stride)")
  }

  func geometry(batch: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(
      batch: batch, inputChannels: inputs, outputChannels: outputs, height: side, width: side,
      kernel: kernel, stride: stride, padding: padding)
  }

  /// Both layers of LeNet.
  static let lenet = [
    ConvolutionShape("lenet", 1, 16, side: 28, kernel: 5),
    ConvolutionShape("lenet", 16, 16, side: 12, kernel: 5),
  ]

  /// The layers of WideResNet 16-2 on 32×32 images, each shape once.
  static let wideResNet = [
    wide(3, 16, side: 32), wide(16, 32, side: 32), wide(32, 32, side: 32),
    wide(32, 64, side: 32, stride: 2), wide(64, 64, side: 16),
    wide(64, 128, side: 16, stride: 2), wide(128, 128, side: 8),
    shortcut(16, 32, side: 32), shortcut(32, 64, side: 32, stride: 2),
    shortcut(64, 128, side: 16, stride: 2),
  ]

  private static func wide(
    _ inputs: Int, _ outputs: Int, side: Int, stride: Int = 1
  ) -> ConvolutionShape {
    ConvolutionShape("wrn16-2", inputs, outputs, side: side, kernel: 3, stride: stride, padding: 1)
  }

  private static func shortcut(
    _ inputs: Int, _ outputs: Int, side: Int, stride: Int = 1
  ) -> ConvolutionShape {
    ConvolutionShape("wrn16-2", inputs, outputs, side: side, kernel: 1, stride: stride)
  }
}
