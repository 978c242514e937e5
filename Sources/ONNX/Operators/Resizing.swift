import Differentiation
import Foundation
import Tensors

/// `Resize` by nearest neighbours, linearly or cubically.
struct ResizeOperator: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let x = try call.tensor(0)
    let shape = x.shape.dimensions
    // Version 10 has no region of interest.
    let first = call.opset < 11 ? 1 : 2
    let axes = try call.axes(try call.ints("axes") ?? Array(shape.indices), shape.count)
    guard try call.string("keep_aspect_ratio_policy", "stretch") == "stretch",
      try !call.flag("antialias")
    else {
      throw call.problem("keep_aspect_ratio_policy and antialias are not supported")
    }
    var scales = [Double](repeating: 1, count: shape.count)
    var lengths = shape
    if call.has(first), try call.constant(first).count > 0 {
      let numbers = try call.constant(first).numbers
      guard numbers.count == axes.count else { throw call.problem("scales \(numbers)") }
      for (axis, scale) in zip(axes, numbers) {
        guard scale > 0, Double(shape[axis]) * scale < 0x1p28 else {
          throw call.problem("scales \(numbers)")
        }
        scales[axis] = scale
        lengths[axis] = Int((Double(shape[axis]) * scale).rounded(.down))
      }
    } else if call.has(3) {
      let numbers = try call.integers(3)
      guard numbers.count == axes.count else { throw call.problem("sizes \(numbers)") }
      for (axis, length) in zip(axes, numbers) {
        lengths[axis] = length
        scales[axis] = Double(length) / Double(shape[axis])
      }
    } else {
      throw call.problem("it has neither scales nor sizes")
    }
    return [try Self.resized(call, x, lengths, scales)]
  }

  static func resized<Number: Scalar>(
    _ call: OperatorCall<Number>, _ x: Variable<Number>, _ lengths: [Int], _ scales: [Double]
  ) throws(ModelProblem) -> GraphValue<Number> {
    let shape = x.shape.dimensions
    var value = GraphValue.variable(x)
    for axis in shape.indices where lengths[axis] != shape[axis] || scales[axis] != 1 {
      var result = try call.dimensions(of: value)
      result[axis] = lengths[axis]
      try call.check(variable: result)
      guard lengths[axis] <= 1 << 16 else {
        throw call.problem("an axis would have the length \(lengths[axis]); 65536 is the most")
      }
      let taps = try AxisTaps(
        call, from: shape[axis], to: lengths[axis], scale: scales[axis])
      value = try taps.apply(call, value, axis)
    }
    return value
  }
}

/// `Upsample`, the older form.
struct UpsampleOperator: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let x = try call.tensor(0)
    let shape = x.shape.dimensions
    let scales = try call.constant(1).numbers
    guard scales.count == shape.count,
      zip(shape, scales).allSatisfy({ $1 > 0 && Double($0) * $1 < 0x1p28 })
    else { throw call.problem("scales \(scales) for \(shape)") }
    let lengths = zip(shape, scales).map { Int((Double($0) * $1).rounded(.down)) }
    return [try ResizeOperator.resized(call, x, lengths, scales)]
  }
}

/// For every index of a resized axis, the indices it is made of, and how much of each.
private struct AxisTaps {
  private let windows: [[(place: Int, factor: Double)]]
  private let length: Int
  private let isNearest: Bool

  init<Number: Scalar>(
    _ call: OperatorCall<Number>, from length: Int, to count: Int, scale: Double
  ) throws(ModelProblem) {
    let mode = try call.string("mode", "nearest")
    let rounding = try call.string("nearest_mode", "round_prefer_floor")
    let isOld = call.node.type == "Upsample" || call.opset < 11
    let map = try call.string(
      "coordinate_transformation_mode", isOld ? "asymmetric" : "half_pixel")
    let cubic = try call.float("cubic_coeff_a", -0.75)
    guard try !call.flag("exclude_outside") else {
      throw call.problem("exclude_outside is not supported")
    }
    isNearest = mode == "nearest"
    self.length = length
    var windows: [[(place: Int, factor: Double)]] = []
    for i in 0..<count {
      let x = try Self.coordinate(call, map, Double(i), length, count, scale)
      switch mode {
      case "nearest":
        let place = try Self.nearest(call, isOld ? "floor" : rounding, x)
        windows.append([(min(max(place, 0), length - 1), 1)])
      case "linear", "bilinear", "trilinear":
        let bounded = min(max(x, 0), Double(length - 1))
        let floor = Int(bounded)
        let part = bounded - Double(floor)
        windows.append([(floor, 1 - part), (min(floor + 1, length - 1), part)])
      case "cubic":
        let floor = Int(x.rounded(.down))
        let part = x - x.rounded(.down)
        windows.append(
          (-1...2).map {
            (
              place: min(max(floor + $0, 0), length - 1),
              factor: Self.cubic(abs(part - Double($0)), cubic)
            )
          })
      default:
        throw call.problem("its mode \(mode) is not supported; nearest, linear and cubic are")
      }
    }
    self.windows = windows
  }

  /// The weight of a neighbour at a distance.
  ///
  /// R. Keys, "Cubic convolution interpolation for digital image processing", IEEE TASSP 29 (1981).
  private static func cubic(_ t: Double, _ a: Double) -> Double {
    t <= 1
      ? ((a + 2) * t - (a + 3)) * t * t + 1 : t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0
  }

  private static func coordinate<Number: Scalar>(
    _ call: OperatorCall<Number>, _ map: String, _ i: Double, _ length: Int, _ count: Int,
    _ scale: Double
  ) throws(ModelProblem) -> Double {
    switch map {
    case "half_pixel": return (i + 0.5) / scale - 0.5
    case "pytorch_half_pixel": return count > 1 ? (i + 0.5) / scale - 0.5 : 0
    case "half_pixel_symmetric":
      let shift = Double(length) / 2 * (1 - Double(count) / (Double(length) * scale))
      return shift + (i + 0.5) / scale - 0.5
    case "align_corners": return count > 1 ? i * Double(length - 1) / Double(count - 1) : 0
    case "asymmetric": return i / scale
    default:
      throw call.problem("coordinate_transformation_mode=\(map) is not supported")
    }
  }

  private static func nearest<Number: Scalar>(
    _ call: OperatorCall<Number>, _ rounding: String, _ x: Double
  ) throws(ModelProblem) -> Int {
    switch rounding {
    case "floor": return Int(x.rounded(.down))
    case "ceil": return Int(x.rounded(.up))
    case "round_prefer_floor": return Int((x - 0.5).rounded(.up))
    case "round_prefer_ceil": return Int((x + 0.5).rounded(.down))
    default: throw call.problem("nearest_mode=\(rounding) is not supported")
    }
  }

  func apply<Number: Scalar>(
    _ call: OperatorCall<Number>, _ value: GraphValue<Number>, _ axis: Int
  ) throws(ModelProblem) -> GraphValue<Number> {
    if isNearest {
      return try call.gathered(value, axis: axis, places: windows.map { $0[0].place })
    }
    // The axis last, so that it is a plane.
    let rank = try call.dimensions(of: value).count
    var order = Array(0..<rank)
    order.swapAt(axis, rank - 1)
    let moved = try call.tensor(try call.transposed(value, order), "its input")
    let plan = PlaneWindows(inputCount: length, windows)
    let shape = moved.shape.dimensions.dropLast() + [windows.count]
    let sums = call.tape.sums(of: moved, over: plan, to: Array(shape))
    return try call.transposed(.variable(sums), order)
  }
}
