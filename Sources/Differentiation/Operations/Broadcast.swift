import Tensors

/// How two shapes go together by NumPy's rules: aligned at their last axes, and an axis of length 1
/// repeats.
struct Broadcast {
  /// The shape of the result.
  let dimensions: [Int]
  /// Loops over the result, the left and the right array.
  let axes: [StridedAxis]

  /// Nil where the shapes do not go together.
  init?(_ left: [Int], _ right: [Int]) {
    let rank = max(left.count, right.count)
    let a = [Int](repeating: 1, count: rank - left.count) + left
    let b = [Int](repeating: 1, count: rank - right.count) + right
    var dimensions: [Int] = []
    for (m, n) in zip(a, b) {
      guard m == n || m == 1 || n == 1 else { return nil }
      dimensions.append(m == 1 ? n : m)
    }
    let strides = [dimensions, a, b].map { StridedAxes.strides(of: $0) }
    self.dimensions = dimensions
    axes = (0..<rank).map { axis in
      StridedAxis(
        dimensions[axis], strides[0][axis], a[axis] == 1 ? 0 : strides[1][axis],
        b[axis] == 1 ? 0 : strides[2][axis])
    }
  }
}

extension Tape {
  /// How two tensors go together.
  func broadcast(
    _ left: Variable<Number>, _ right: Variable<Number>, _ what: String
  ) -> Broadcast {
    guard case .tensor(let a) = left.shape, case .tensor(let b) = right.shape,
      let plan = Broadcast(a, b)
    else {
      preconditionFailure(
        "the \(what) of \(left.shape) and \(right.shape), which do not broadcast to one shape")
    }
    return plan
  }
}
