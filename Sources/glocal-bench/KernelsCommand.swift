import ArgumentParser
import Differentiation
import Learning
import Networks
import Tensors

/// `glocal-bench kernels`: the speed of isolated convolution kernels.
struct KernelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Convolution kernels of a network's shapes, in all directions.",
    discussion: "Operations are counted as for direct convolution; Winograd needs fewer.")

  @Argument(help: NetworkArgument.help("; without one, lenet and wrn-16-2"))
  var network: BenchedNetwork?

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
    for network in network.map({ [$0] }) ?? [.lenet, .wideResNet] {
      for geometry in geometries(of: network) { time(geometry, of: network) }
    }
  }

  /// The convolutions of a network, each shape once, largest images first.
  private func geometries(of benched: BenchedNetwork) -> [ConvolutionGeometry] {
    let model = Classifier(benched.network)
    let tape = ShardTape<Float>(model, model.fields, count: batch, passes: .values)
    let parameters = Buffer<Float>(count: benched.network.parameters.count)
    let profile = WorkProfile()
    tape.tape.profile = profile
    tape.tape.bind(parameters: parameters.pointer)
    tape.tape.replay()
    return profile.kernelCalls.keys.map(\.geometry).sorted {
      ($1.height, $1.kernel, $0.inputChannels, $0.outputChannels)
        < ($0.height, $0.kernel, $1.inputChannels, $1.outputChannels)
    }
  }

  private func time(_ geometry: ConvolutionGeometry, of network: BenchedNetwork) {
    let kernels = KernelsAlone(geometry, compute: compute)
    var products: [(String, ConvolutionProduct)] = [
      ("forward", .forward), ("weight gradient", .weightGradient),
    ]
    // The images themselves need no gradient and have no tangent.
    if !geometry.inputIsPlanar {
      products += [("input gradient", .inputGradient), ("tangent", .addingTangent)]
    }
    for (pass, product) in products {
      let timing = Repetition.count(repeats).fastest { kernels.call(product) }
      BenchLine("kernels").with("network", .string(network.name))
        .with("shape", .string(geometry.name)).with("pass", .string(pass))
        .with("compute", .string(compute.rawValue))
        .with(timing, operations: geometry.operations).with("batch", .integer(batch)).print()
    }
  }
}

extension ConvolutionGeometry {
  /// `3x3 16->32 at 32x32 /2`; the stride is given only if it is not 1.
  fileprivate var name: String {
    "\(kernel)x\(kernel) \(inputChannels)->\(outputChannels) at \(height)x\(width)"
      + (stride == 1 ? "" : " /\(stride)")
  }
}

extension ComputePrecision: ExpressibleByArgument {}
