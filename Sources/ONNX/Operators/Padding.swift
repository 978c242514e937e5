import Differentiation
import Tensors

/// `Pad` with a constant, a reflection, the edge or round about; negative pads cut.
struct PadOperator: GraphOperator {
  var foldsConstants: Bool { true }

  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    var value = try call.value(0)
    let dimensions = try call.dimensions(0)
    guard let pads = try call.integers("pads", orInput: 1) else {
      throw call.problem("it has no pads")
    }
    let all = Array(dimensions.indices)
    let axes = call.has(3) ? try call.axes(try call.integers(3), dimensions.count) : all
    guard pads.count == 2 * axes.count, pads.allSatisfy({ abs($0 / 2) < 1 << 27 }) else {
      throw call.problem("pads \(pads) for \(axes.count) axes of \(dimensions)")
    }
    let fill = call.has(2) ? try call.number(2) : try call.float("value", 0)
    let mode = try call.string("mode", "constant")
    for (i, axis) in axes.enumerated() where pads[i] != 0 || pads[i + axes.count] != 0 {
      let length = dimensions[axis]
      let range = -pads[i]..<max(-pads[i], length + pads[i + axes.count])
      var shape = try call.dimensions(of: value)
      shape[axis] = range.count
      try call.check(variable: shape.map { max(1, $0) })
      var places: [Int] = []
      places.reserveCapacity(range.count)
      for p in range {
        guard let place = Self.place(p, length, mode) else {
          throw call.problem(
            "pads \(pads) with mode \(mode) for \(dimensions); supported are constant, reflect, "
              + "edge and wrap")
        }
        places.append(place)
      }
      value = try call.gathered(value, axis: axis, places: places, fill: fill)
    }
    return [value]
  }

  /// The element that stands at a place in or beyond an axis; −1 for the constant, nil where none can.
  private static func place(_ p: Int, _ length: Int, _ mode: String) -> Int? {
    if (0..<length).contains(p) { return p }
    guard mode != "constant" else { return -1 }
    guard length > 0 else { return nil }
    switch mode {
    case "edge": return min(max(p, 0), length - 1)
    case "reflect":
      guard length > 1 else { return 0 }
      let period = 2 * (length - 1)
      let rest = ((p % period) + period) % period
      return rest < length ? rest : period - rest
    case "wrap": return ((p % length) + length) % length
    default: return nil
    }
  }
}
