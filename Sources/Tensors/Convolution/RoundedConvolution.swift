/// Any convolution on operands rounded to bfloat16, for machines and types without bfloat16
/// kernels.
///
/// Products of two rounded numbers are exact in `Float`, so the result equals that of processors
/// with bfloat16 except for the order and the number of roundings in the sums.
final class RoundedConvolution<Number: Scalar>: ConvolutionKernels {
  private let kernels: any ConvolutionKernels<Number>
  private let images: RoundedNumbers<Number>
  private let results: RoundedNumbers<Number>
  private let weights: RoundedNumbers<Number>

  init(_ geometry: ConvolutionGeometry, by kernels: any ConvolutionKernels<Number>) {
    self.kernels = kernels
    images = RoundedNumbers(count: geometry.inputCount)
    results = RoundedNumbers(count: geometry.outputCount)
    weights = RoundedNumbers(count: geometry.weightCount)
  }

  func forward(
    input: UnsafePointer<Number>, weights: UnsafePointer<Number>, bias: UnsafePointer<Number>?,
    output: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    kernels.forward(
      input: images.rounded(input), weights: self.weights.rounded(weights), bias: bias,
      output: output, accumulate: accumulate)
  }

  func inputGradient(
    output: UnsafePointer<Number>, weights: UnsafePointer<Number>,
    input: UnsafeMutablePointer<Number>
  ) {
    kernels.inputGradient(
      output: results.rounded(output), weights: self.weights.rounded(weights), input: input)
  }

  func weightGradient(
    input: UnsafePointer<Number>, output: UnsafePointer<Number>,
    weights: UnsafeMutablePointer<Number>, bias: UnsafeMutablePointer<Number>?
  ) {
    kernels.weightGradient(
      input: images.rounded(input), output: results.rounded(output), weights: weights, bias: bias)
  }
}

/// Memory for the rounded elements of one operand.
private final class RoundedNumbers<Number: Scalar> {
  private let buffer: Buffer<Number>

  init(count: Int) { buffer = Buffer(count: count) }

  func rounded(_ numbers: UnsafePointer<Number>) -> UnsafePointer<Number> {
    Number.roundToBFloat16(numbers, into: buffer.pointer, count: buffer.count)
    return UnsafePointer(buffer.pointer)
  }
}
