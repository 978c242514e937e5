/// One loop over several arrays at once: how often, and how far each goes on every time.
public struct StridedAxis: Equatable, Sendable {
  /// How often.
  public var count: Int
  /// Numbers from one step to the next in each array; 0 where it repeats or sums up.
  public var strides: SIMD3<Int>

  /// A loop; an array that is not there has the stride 0.
  public init(_ count: Int, _ first: Int, _ second: Int, _ third: Int = 0) {
    self.count = count
    strides = SIMD3(first, second, third)
  }
}

/// Loops within loops over up to three arrays, the last axis innermost: what transposing, slicing,
/// broadcasting and summing over axes are made of.
public struct StridedAxes: Equatable, Sendable {
  /// At least one; axes of length 1 are gone, and those that go on where the next one ends are one
  /// with it.
  public let axes: [StridedAxis]
  /// How often the innermost loop's body runs.
  public let count: Int

  /// The same loops, in as few axes as there can be.
  public init(_ axes: [StridedAxis]) {
    count = axes.reduce(1) { $0 * $1.count }
    var merged: [StridedAxis] = []
    for axis in axes where axis.count != 1 {
      if let last = merged.last, last.strides == axis.strides &* SIMD3(repeating: axis.count) {
        merged[merged.count - 1] = StridedAxis(axis, times: last.count)
      } else {
        merged.append(axis)
      }
    }
    self.axes = merged.isEmpty ? [StridedAxis(1, 0, 0)] : merged
  }

  /// The same loops with the arrays in another order, such as `(1, 0, 2)`.
  public func reordered(_ first: Int, _ second: Int, _ third: Int) -> StridedAxes {
    StridedAxes(
      axes.map {
        StridedAxis($0.count, $0.strides[first], $0.strides[second], $0.strides[third])
      })
  }

  /// The same loops over two of the arrays alone.
  public func pair(_ first: Int, _ second: Int) -> StridedAxes {
    StridedAxes(axes.map { StridedAxis($0.count, $0.strides[first], $0.strides[second]) })
  }

  /// Whether an array goes on in every loop: then none of its numbers is met twice.
  public func isEachOnce(_ array: Int) -> Bool {
    axes.allSatisfy { $0.count == 1 || $0.strides[array] != 0 }
  }

  /// Numbers from one index to the next of a row-major tensor, for every axis.
  public static func strides(of dimensions: [Int]) -> [Int] {
    var result = [Int](repeating: 1, count: dimensions.count)
    for axis in dimensions.indices.dropLast().reversed() {
      result[axis] = result[axis + 1] * dimensions[axis + 1]
    }
    return result
  }
}

extension StridedAxis {
  fileprivate init(_ axis: StridedAxis, times outer: Int) {
    count = outer * axis.count
    strides = axis.strides
  }
}
