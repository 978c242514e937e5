import Differentiation
import Tensors

/// `MaxPool` and `AveragePool` over any number of axes.
struct PoolOperator: GraphOperator {
  let isMaximum: Bool

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let x = try call.tensor(0)
    let from = x.shape.dimensions
    guard from.count >= 3, from.count <= 5 else {
      throw call.problem("it pools [batch, channels, …] with one to three axes, not \(from)")
    }
    guard let kernels = try call.ints("kernel_shape") else {
      throw call.problem("it has no kernel_shape")
    }
    let axes = try WindowAxis.axes(
      call, lengths: Array(from[2...]), kernels: kernels, roundsUp: try call.flag("ceil_mode"))
    let shape = Array(from[..<2]) + axes.map(\.count)
    try call.check(variable: shape)
    let taps = axes.reduce(1.0) { $0 * Double($1.count) * Double($1.kernel) }
    let pixels = axes.reduce(1) { $0 * $1.length }
    guard taps <= 0x1p22, pixels <= 1 << 24 else {
      throw call.problem("windows \(kernels) over a plane of \(from[2...]) are too many")
    }
    let countsPadding = try call.flag("count_include_pad")
    var windows = [[(place: 0, factor: 1.0)]]
    for axis in axes {
      windows = windows.flatMap { outer in
        (0..<axis.count).map { Self.window(axis, $0, outer, countsPadding) }
      }
    }
    guard windows.allSatisfy({ !$0.isEmpty }) else {
      throw call.problem("a window lies wholly in the padding")
    }
    let plan = PlaneWindows(inputCount: pixels, windows)
    if isMaximum { return [.variable(call.tape.maxima(of: x, over: plan, to: shape))] }
    if countsPadding { return [.variable(call.tape.sums(of: x, over: plan, to: shape))] }
    let means = windows.map { window in
      window.map { (place: $0.place, factor: 1 / Double(window.count)) }
    }
    let plain = PlaneWindows(inputCount: pixels, means)
    return [.variable(call.tape.sums(of: x, over: plain, to: shape))]
  }

  /// The taps of one window along one more axis.
  private static func window(
    _ axis: WindowAxis, _ index: Int, _ outer: [(place: Int, factor: Double)],
    _ countsPadding: Bool
  ) -> [(place: Int, factor: Double)] {
    let start = index * axis.stride - axis.before
    let taps = (0..<axis.kernel).map { start + $0 * axis.dilation }
    // Padding counts, but what a last window reaches beyond it does not.
    let end = axis.length + axis.after
    let factor = countsPadding ? 1 / Double(max(1, taps.count { $0 < end })) : 1
    return outer.flatMap { tap in
      taps.filter { (0..<axis.length).contains($0) }.map {
        (place: tap.place * axis.length + $0, factor: tap.factor * factor)
      }
    }
  }
}

/// `GlobalMaxPool` and `GlobalAveragePool`.
struct GlobalPool: GraphOperator {
  let isMaximum: Bool

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let x = try call.tensor(0)
    let rank = x.shape.dimensions.count
    guard rank >= 2 else { throw call.problem("it pools [batch, channels, …], not \(x.shape)") }
    let axes = Array(2..<rank)
    guard !axes.isEmpty else { return [.variable(x)] }
    if isMaximum { return [.variable(try Reduction.maximum(call, x, axes))] }
    return [.variable(call.tape.mean(of: x, axes: axes, keepingAxes: true))]
  }
}
