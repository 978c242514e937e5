import Dispatch

/// A short test of the kernels that the libraries have chosen on this machine.
///
/// A library older than the processor may choose kernels that are slow on it, or wrong. The
/// reference is the same product in double, by other kernels and, for convolutions, by plain loops.
public struct KernelTrial: Sendable {
  /// The tested operation.
  public let operation: String
  /// The largest error, relative to the largest magnitude of the result.
  public let error: Double
  /// GFLOP/s on one core, the best of several calls.
  public let gigaflops: Double

  /// Single precision gives errors of about 1e-6, Winograd about 1e-5; wrong kernels exceed this.
  public var isRight: Bool { error <= 1e-4 }

  /// Creates a trial from results measured elsewhere.
  public init(operation: String, error: Double, gigaflops: Double) {
    self.operation = operation
    self.error = error
    self.gigaflops = gigaflops
  }

  /// Tests a matrix product and the three products of a convolution on one thread; takes about 0.1
  /// s.
  public static func all() -> [KernelTrial] {
    ConvolutionLibrary.setThreads(1)
    BLASLibrary.threads = 1
    return [matrixProduct()] + convolutions()
  }

  private static func matrixProduct() -> KernelTrial {
    let n = 384
    let (a, b) = (numbers(n * n, seed: 1), numbers(n * n, seed: 2))
    let (c, expected) = (Buffer<Float>(count: n * n), Buffer<Double>(count: n * n))
    let (wideA, wideB) = (widened(a), widened(b))
    Double.matrixProduct(
      MatrixOperand(wideA.pointer, stride: n), MatrixOperand(wideB.pointer, stride: n),
      into: expected.pointer, rows: n, columns: n, inner: n, accumulate: false)
    let seconds = fastest {
      Float.matrixProduct(
        MatrixOperand(a.pointer, stride: n), MatrixOperand(b.pointer, stride: n), into: c.pointer,
        rows: n, columns: n, inner: n, accumulate: false)
    }
    return KernelTrial(
      operation: "matrix product", error: distance(c, expected),
      gigaflops: 2 * Double(n * n * n) / seconds * 1e-9)
  }

  private static func convolutions() -> [KernelTrial] {
    let geometry = ConvolutionGeometry(
      batch: 4, inputChannels: 64, outputChannels: 64, height: 16, width: 16, kernel: 3, padding: 1)
    let single = Float.convolution(geometry)
    let double = Double.convolution(geometry)
    let (x, w) = (numbers(geometry.inputCount, seed: 3), numbers(geometry.weightCount, seed: 4))
    let y = numbers(geometry.outputCount, seed: 5)
    let (wideX, wideW, wideY) = (widened(x), widened(w), widened(y))
    return ConvolutionPass.allCases.map { pass in
      let count =
        switch pass {
        case .forward: geometry.outputCount
        case .inputGradient: geometry.inputCount
        case .weightGradient: geometry.weightCount
        }
      let (found, expected) = (Buffer<Float>(count: count), Buffer<Double>(count: count))
      run(double, pass, (wideX.pointer, wideW.pointer, wideY.pointer), expected.pointer)
      let seconds = fastest { run(single, pass, (x.pointer, w.pointer, y.pointer), found.pointer) }
      return KernelTrial(
        operation: "convolution's \(pass.rawValue)", error: distance(found, expected),
        gigaflops: Double(geometry.operations) / seconds * 1e-9)
    }
  }

  private static func run<Number: Scalar>(
    _ kernels: any ConvolutionKernels<Number>, _ pass: ConvolutionPass,
    _ operands: (
      x: UnsafeMutablePointer<Number>, w: UnsafeMutablePointer<Number>,
      y: UnsafeMutablePointer<Number>
    ), _ result: UnsafeMutablePointer<Number>
  ) {
    let (x, w, y) = operands
    switch pass {
    case .forward:
      kernels.forward(input: x, weights: w, bias: nil, output: result, accumulate: false)
    case .inputGradient: kernels.inputGradient(output: y, weights: w, input: result)
    case .weightGradient:
      kernels.weightGradient(input: x, output: y, weights: result, bias: nil)
    }
  }

  private static func numbers(_ count: Int, seed: UInt64) -> Buffer<Float> {
    let buffer = Buffer<Float>(count: count)
    var stream = RandomStream(seed: seed, purpose: .testing)
    for i in 0..<count { buffer.pointer[i] = Float(stream.uniform() - 0.5) }
    return buffer
  }

  private static func widened(_ numbers: Buffer<Float>) -> Buffer<Double> {
    let buffer = Buffer<Double>(count: numbers.count)
    for i in 0..<numbers.count { buffer.pointer[i] = Double(numbers.pointer[i]) }
    return buffer
  }

  private static func distance(_ found: Buffer<Float>, _ expected: Buffer<Double>) -> Double {
    var (difference, size) = (0.0, 0.0)
    for i in 0..<expected.count {
      let one = abs(Double(found.pointer[i]) - expected.pointer[i])
      // NaN counts as wrong.
      difference = one.isNaN ? .infinity : max(difference, one)
      size = max(size, abs(expected.pointer[i]))
    }
    return difference / size
  }

  /// The time of the fastest of several calls, in seconds; the first call creates the kernel.
  private static func fastest(_ call: () -> Void) -> Double {
    call()
    return (0..<5).map { _ in
      let start = DispatchTime.now().uptimeNanoseconds
      call()
      return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    }.min() ?? .infinity
  }
}
