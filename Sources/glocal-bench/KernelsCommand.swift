import ArgumentParser
import Tensors

/// `glocal-bench kernels`: the speed of the convolution kernels alone.
struct KernelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Convolution kernels of LeNet's and WideResNet's shapes, in all three directions.",
    discussion: "Operations are counted as for direct convolution; Winograd needs fewer.")

  @Option(help: ArgumentHelp("Images in one call.", valueName: "N"))
  var batch = 16

  @Option(help: ArgumentHelp("Take the fastest of N calls.", valueName: "N"))
  var repeats = 200

  @Option(help: "How the kernels read their operands: float32 or bfloat16.")
  var compute = ComputePrecision.full

  func validate() throws {
    try requirePositive(batch, "--batch")
    try requirePositive(repeats, "--repeats")
  }

  func run() {
    useOneThread()
    for shape in ConvolutionShape.lenet + ConvolutionShape.wideResNet { time(shape) }
  }

  private func time(_ shape: ConvolutionShape) {
    let geometry = shape.geometry(batch: batch)
    let kernels = Float.convolution(geometry, compute: compute)
    let input = Self.randomNumbers(geometry.inputCount)
    let weights = Self.randomNumbers(geometry.weightCount)
    let output = Self.randomNumbers(geometry.outputCount)
    report(shape, "forward", geometry) {
      kernels.forward(
        input: input.pointer, weights: weights.pointer, bias: nil, output: output.pointer,
        accumulate: false)
    }
    report(shape, "weight gradient", geometry) {
      kernels.weightGradient(
        input: input.pointer, output: output.pointer, weights: weights.pointer, bias: nil)
    }
    // The images themselves need no gradient.
    if geometry.inputIsPlanar { return }
    report(shape, "input gradient", geometry) {
      kernels.inputGradient(
        output: output.pointer, weights: weights.pointer, input: input.pointer)
    }
  }

  private func report(
    _ shape: ConvolutionShape, _ pass: String, _ geometry: ConvolutionGeometry,
    _ run: () -> Void
  ) {
    BenchLine("kernels").with("network", .string(shape.network))
      .with("shape", .string(shape.name)).with("pass", .string(pass))
      .with("compute", .string(compute.rawValue))
      .with(Repetition.count(repeats).fastest(run), operations: geometry.operations)
      .with("batch", .integer(batch)).print()
  }

  /// Of the size that activations have: no infinities, no denormal numbers.
  private static func randomNumbers(_ count: Int) -> Buffer<Float> {
    let buffer = Buffer<Float>(count: count)
    var stream = RandomStream(seed: 1, purpose: .testing)
    for i in 0..<count { buffer.pointer[i] = Float(stream.normal()) }
    return buffer
  }
}

extension ComputePrecision: ExpressibleByArgument {}
