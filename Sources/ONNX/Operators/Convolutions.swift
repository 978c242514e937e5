import Differentiation
import Tensors

/// `Conv` over one or two axes.
struct ConvOperator: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    if call.node.attributes[BlockedConvolution.mark] != nil {
      return try BlockedConv().record(call)
    }
    let (x, w) = (try call.tensor(0), try call.tensor(1))
    let bias = call.has(2) ? try call.tensor(2) : nil
    let (from, kernel) = (x.shape.dimensions, w.shape.dimensions)
    guard from.count == 3 || from.count == 4, kernel.count == from.count else {
      throw call.problem(
        "convolutions of [batch, channels, length] and [batch, channels, height, width] are "
          + "supported, not of \(from) with weights \(kernel)")
    }
    if let named = try call.ints("kernel_shape"), named != Array(kernel[2...]) {
      throw call.problem("its kernel_shape is \(named), and its weights are \(kernel)")
    }
    let axes = try WindowAxis.axes(
      call, lengths: Array(from[2...]), kernels: Array(kernel[2...]))
    let groups = try call.int("group", 1)
    return [.variable(try Self.convolved(call, x, w, bias, groups, axes))]
  }

  /// The convolution with all that was read.
  static func convolved<Number: Scalar>(
    _ call: OperatorCall<Number>, _ x: Variable<Number>, _ w: Variable<Number>,
    _ bias: Variable<Number>?, _ groups: Int, _ axes: [WindowAxis]
  ) throws(ModelProblem) -> Variable<Number> {
    var (input, weights) = (GraphValue.variable(x), GraphValue.variable(w))
    let (from, kernel) = (x.shape.dimensions, w.shape.dimensions)
    guard groups > 0, from[1] % groups == 0, kernel[0] % groups == 0,
      kernel[1] == from[1] / groups
    else {
      throw call.problem("\(from) in \(groups) groups with weights \(kernel)")
    }
    if let bias, bias.shape != .vector(kernel[0]) {
      throw call.problem("its bias is \(bias.shape), and its weights are \(kernel)")
    }
    let result = [from[0], kernel[0]] + axes.map(\.count)
    try call.check(variable: result)
    var planes: [ConvolutionAxis] = []
    for (i, axis) in axes.enumerated() {
      // Unequal paddings are put round the input.
      let isEven = axis.before == axis.after
      if !isEven {
        let places =
          [Int](repeating: -1, count: axis.before) + Array(0..<axis.length)
          + [Int](repeating: -1, count: axis.after)
        input = try call.gathered(input, axis: 2 + i, places: places)
      }
      guard
        let plane = ConvolutionAxis(
          length: isEven ? axis.length : axis.length + axis.before + axis.after,
          kernel: axis.kernel, stride: axis.stride, padding: isEven ? axis.before : 0,
          dilation: axis.dilation)
      else { throw call.problem("a kernel of \(axis.reach) does not fit into \(axis.length)") }
      planes.append(plane)
    }
    if planes.count == 1, let one = ConvolutionAxis(length: 1, kernel: 1) {
      input = try call.reshaped(input, [from[0], from[1], 1, planes[0].length])
      weights = try call.reshaped(weights, [kernel[0], kernel[1], 1, kernel[2]])
      planes.insert(one, at: 0)
    }
    let convolved = call.tape.convolution2D(
      try call.tensor(input, "its input"), weights: try call.tensor(weights, "its weights"),
      bias: bias, groups: groups, vertical: planes[0], horizontal: planes[1])
    return try call.tensor(try call.reshaped(.variable(convolved), result), "its result")
  }
}

/// `ConvTranspose`: the adjoint of a convolution, as a convolution with the kernel reversed over an
/// input with zeros between its elements.
struct ConvTranspose: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (x, w) = (try call.tensor(0), try call.tensor(1))
    let bias = call.has(2) ? try call.tensor(2) : nil
    let (from, kernel) = (x.shape.dimensions, w.shape.dimensions)
    let groups = try call.int("group", 1)
    guard from.count == 3 || from.count == 4, kernel.count == from.count, groups > 0,
      from[1] == kernel[0], from[1] % groups == 0
    else {
      throw call.problem(
        "transposed convolutions of [batch, channels, length] and [batch, channels, height, width] "
          + "are supported, not of \(from) in \(groups) groups with weights \(kernel)")
    }
    if let named = try call.ints("kernel_shape"), named != Array(kernel[2...]) {
      throw call.problem("its kernel_shape is \(named), and its weights are \(kernel)")
    }
    var input = GraphValue.variable(x)
    var axes: [WindowAxis] = []
    for (i, spread) in try spreads(call, from, kernel).enumerated() {
      let places = spread.places
      try call.check(variable: Array(from[..<(2 + i)]) + [places.count])
      input = try call.gathered(input, axis: 2 + i, places: places)
      axes.append(
        WindowAxis(
          length: places.count, kernel: kernel[2 + i], stride: 1, dilation: spread.dilation,
          before: 0, after: 0, count: spread.count))
    }
    let weights = try reversed(call, w, groups)
    return [
      .variable(
        try ConvOperator.convolved(
          call, try call.tensor(input, "its input"), weights, bias, groups, axes))
    ]
  }

  /// Where the elements of an axis stand, with zeros between and around them.
  private struct Spread {
    let places: [Int]
    let dilation: Int
    let count: Int
  }

  private func spreads<Number: Scalar>(
    _ call: OperatorCall<Number>, _ from: [Int], _ kernel: [Int]
  ) throws(ModelProblem) -> [Spread] {
    let rank = from.count - 2
    func numbers(_ name: String, _ missing: Int, _ count: Int) throws(ModelProblem) -> [Int] {
      let numbers = try call.ints(name) ?? [Int](repeating: missing, count: count)
      guard numbers.count == count, numbers.allSatisfy({ (0...1 << 20).contains($0) }) else {
        throw call.problem("its attribute \(name) is \(numbers), for \(rank) axes")
      }
      return numbers
    }
    let (strides, dilations) = (
      try numbers("strides", 1, rank), try numbers("dilations", 1, rank)
    )
    let extra = try numbers("output_padding", 0, rank)
    guard !strides.contains(0), !dilations.contains(0) else {
      throw call.problem("strides \(strides) and dilations \(dilations)")
    }
    let mode = try call.string("auto_pad", "NOTSET")
    let pads = try numbers("pads", 0, 2 * rank)
    let wanted = try call.ints("output_shape")
    if let wanted, wanted.count != rank {
      throw call.problem("its output_shape is \(wanted), for \(rank) axes")
    }
    var result: [Spread] = []
    for i in 0..<rank {
      let (length, stride) = (from[2 + i], strides[i])
      let reach = (kernel[2 + i] - 1) * dilations[i] + 1
      let full = stride * (length - 1) + extra[i] + reach
      var (before, after) = (pads[i], pads[i + rank])
      if wanted != nil || mode == "SAME_UPPER" || mode == "SAME_LOWER" {
        let total = full - (wanted?[i] ?? length * stride)
        guard total >= 0 else { throw call.problem("its output_shape is larger than its result") }
        before = mode == "SAME_UPPER" ? total / 2 : total - total / 2
        after = total - before
      } else if mode == "VALID" {
        (before, after) = (0, 0)
      } else if mode != "NOTSET" {
        throw call.problem(
          "auto_pad=\(mode) is not supported; NOTSET, VALID, SAME_UPPER and SAME_LOWER are")
      }
      let count = full - before - after
      guard count > 0, count <= 1 << 24 else {
        throw call.problem("its result would have \(count) elements on an axis")
      }
      // Place p of the full result's input is element (p − reach + 1) / stride.
      let places = (before..<before + count + reach - 1).map { p -> Int in
        let distance = p - (reach - 1)
        guard distance >= 0, distance % stride == 0, distance / stride < length else { return -1 }
        return distance / stride
      }
      result.append(Spread(places: places, dilation: dilations[i], count: count))
    }
    return result
  }

  /// `[inputs, outputs / groups, …]` as `[outputs, inputs / groups, …]`, with the kernels reversed.
  private func reversed<Number: Scalar>(
    _ call: OperatorCall<Number>, _ w: Variable<Number>, _ groups: Int
  ) throws(ModelProblem) -> Variable<Number> {
    let shape = w.shape.dimensions
    let kernel = Array(shape[2...])
    var value = GraphValue.variable(w)
    for (i, length) in kernel.enumerated() {
      value = try call.gathered(value, axis: 2 + i, places: Array((0..<length).reversed()))
    }
    value = try call.reshaped(value, [groups, shape[0] / groups, shape[1]] + kernel)
    value = try call.transposed(value, [0, 2, 1] + Array(3..<3 + kernel.count))
    value = try call.reshaped(value, [groups * shape[1], shape[0] / groups] + kernel)
    return try call.tensor(value, "its weights")
  }
}
