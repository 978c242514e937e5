import Differentiation
import Tensors

/// Where the windows of a convolution or a pooling lie along one axis.
struct WindowAxis {
  let length: Int
  let kernel: Int
  let stride: Int
  let dilation: Int
  /// Padding in front.
  let before: Int
  /// Padding behind.
  let after: Int
  /// How many windows.
  let count: Int

  /// How many elements a window reaches over.
  var reach: Int { (kernel - 1) * dilation + 1 }

  /// Reads the attributes of a node, for all axes.
  static func axes<Number: Scalar>(
    _ call: OperatorCall<Number>, lengths: [Int], kernels: [Int], roundsUp: Bool = false
  ) throws(ModelProblem) -> [WindowAxis] {
    let rank = lengths.count
    func numbers(_ name: String, _ missing: Int, _ count: Int) throws(ModelProblem) -> [Int] {
      let numbers = try call.ints(name) ?? [Int](repeating: missing, count: count)
      guard numbers.count == count, numbers.allSatisfy({ (0...1 << 20).contains($0) }) else {
        throw call.problem("its attribute \(name) is \(numbers), for \(rank) axes")
      }
      return numbers
    }
    let strides = try numbers("strides", 1, rank)
    let dilations = try numbers("dilations", 1, rank)
    guard kernels.count == rank, kernels.allSatisfy({ (1...1 << 20).contains($0) }),
      !strides.contains(0), !dilations.contains(0)
    else {
      throw call.problem(
        "kernel \(kernels), strides \(strides) and dilations \(dilations) for \(rank) axes")
    }
    let mode = try call.string("auto_pad", "NOTSET")
    let pads = mode == "NOTSET" ? try numbers("pads", 0, 2 * rank) : []
    var axes: [WindowAxis] = []
    for i in 0..<rank {
      let (length, kernel, stride) = (lengths[i], kernels[i], strides[i])
      let reach = (kernel - 1) * dilations[i] + 1
      var (before, after) = (0, 0)
      switch mode {
      case "NOTSET": (before, after) = (pads[i], pads[i + rank])
      case "VALID": break
      case "SAME_UPPER", "SAME_LOWER":
        let total = max(0, ((length + stride - 1) / stride - 1) * stride + reach - length)
        before = mode == "SAME_UPPER" ? total / 2 : total - total / 2
        after = total - before
      default:
        throw call.problem(
          "auto_pad=\(mode) is not supported; NOTSET, VALID, SAME_UPPER and SAME_LOWER are")
      }
      let rest = length + before + after - reach
      guard rest >= 0, length > 0 else {
        throw call.problem("a window of \(reach) does not fit into \(length) elements")
      }
      var count = (roundsUp ? (rest + stride - 1) / stride : rest / stride) + 1
      // The last window must begin in the tensor or in the padding before it.
      if roundsUp, (count - 1) * stride >= length + before { count -= 1 }
      axes.append(
        WindowAxis(
          length: length, kernel: kernel, stride: stride, dilation: dilations[i], before: before,
          after: after, count: count))
    }
    return axes
  }
}
