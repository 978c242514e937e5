import Differentiation
import Storage
import Tensors

/// The convolution kernels of one geometry on random numbers, called in isolation.
final class KernelsAlone {
  let geometry: ConvolutionGeometry
  private let kernels: any ConvolutionKernels<Float>
  private let input, weights, output: Buffer<Float>

  init(_ geometry: ConvolutionGeometry, compute: ComputePrecision) {
    self.geometry = geometry
    kernels = Float.convolution(geometry, compute: compute)
    input = Self.randomNumbers(geometry.inputCount)
    weights = Self.randomNumbers(geometry.weightCount)
    output = Self.randomNumbers(geometry.outputCount)
  }

  private var inputPointer: UnsafePointer<Float> { UnsafePointer(input.pointer) }
  private var weightsPointer: UnsafePointer<Float> { UnsafePointer(weights.pointer) }

  /// Calls a kernel on operands that are in the cache if they fit.
  func call(_ product: ConvolutionProduct) {
    switch product {
    case .forward:
      kernels.forward(
        input: input.pointer, weights: weights.pointer, bias: nil, output: output.pointer,
        accumulate: false)
    case .tangent, .addingTangent:
      if let sums = kernels.sums {
        sums.forward([(inputPointer, weightsPointer)], into: output.pointer)
      } else {
        kernels.forward(
          input: input.pointer, weights: weights.pointer, bias: nil, output: output.pointer,
          accumulate: product == .addingTangent)
      }
    case .inputGradient:
      if let sums = kernels.sums {
        sums.inputGradient(
          [(UnsafePointer(output.pointer), weightsPointer)], into: input.pointer,
          accumulate: false)
      } else {
        kernels.inputGradient(
          output: output.pointer, weights: weights.pointer, input: input.pointer)
      }
    case .weightGradient:
      if let sums = kernels.sums {
        sums.weightGradient(
          [(inputPointer, UnsafePointer(output.pointer))], into: weights.pointer,
          accumulate: false)
      } else {
        kernels.weightGradient(
          input: input.pointer, output: output.pointer, weights: weights.pointer, bias: nil)
      }
    }
  }

  /// `kernels_alone_gflops`: the speed of a profile's convolutions if every call took the shortest
  /// of several isolated calls.
  static func member(
    for profile: WorkProfile, compute: ComputePrecision
  ) -> [JSONValue.Member] {
    var seconds = 0.0
    for (geometry, calls) in Dictionary(grouping: profile.kernelCalls, by: \.key.geometry) {
      let alone = KernelsAlone(geometry, compute: compute)
      for (call, count) in calls {
        // Few calls, since accumulated results grow with every one.
        let timing = Repetition.count(20).fastest { alone.call(call.product) }
        seconds += Double(count) * timing.seconds
      }
    }
    let speed = Double(profile.convolutionOperations) / seconds * 1e-9
    return [.init("kernels_alone_gflops", .number(speed))]
  }

  /// Magnitudes like those of activations: no infinities, no denormals.
  private static func randomNumbers(_ count: Int) -> Buffer<Float> {
    let buffer = Buffer<Float>(count: count)
    var stream = RandomStream(seed: 1, purpose: .testing)
    for i in 0..<count { buffer.pointer[i] = Float(stream.uniform() - 0.5) }
    return buffer
  }
}
