import Tensors

/// The maximum over windows of every plane; the first of equal ones.
///
/// Piecewise linear: the choice made by the value serves the tangent (gather) and both pullbacks
/// (scatter).
final class WindowMaximum<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  private let windows: PlaneWindows
  private let planes: Int
  /// Places in the plane, exact in a `Float` up to 2²⁴.
  private let choice: RetainedValues<Number>

  init(on tape: Tape<Number>, input: Variable<Number>, windows: PlaneWindows, shape: Shape) {
    self.input = Operand(input)
    self.windows = windows
    planes = input.count / windows.inputCount
    choice = RetainedValues(count: shape.count)
    result = tape.result(shape, of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  var retained: [RetainedValues<Number>] { [choice] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() {
    WindowMaximumLoops.choose(
      windows, input.variable.value, into: result.value, choice: choice.pointer, planes: planes)
  }

  func tangent() {
    let (x, y, count) = (input.variable.tangent, result.tangent, windows.outputCount)
    for plane in 0..<planes {
      let (x, start) = (x + plane * windows.inputCount, plane * count)
      for j in start..<start + count { y[j] = x[Int(choice.pointer[j])] }
    }
  }

  func pullback() { scatter(result.cotangent, into: input.variable.cotangent) }

  func pullbackTangent() {
    scatter(result.cotangentTangent, into: input.variable.cotangentTangent)
  }

  private func scatter(_ y: UnsafePointer<Number>, into x: UnsafeMutablePointer<Number>) {
    if !input.accumulates { Elementwise.fill(x, count: input.variable.count, with: 0) }
    let count = windows.outputCount
    for plane in 0..<planes {
      let (x, start) = (x + plane * windows.inputCount, plane * count)
      for j in start..<start + count { x[Int(choice.pointer[j])] += y[j] }
    }
  }
}

private enum WindowMaximumLoops {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func choose<Number: Scalar>(
    _ windows: PlaneWindows, _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    choice: UnsafeMutablePointer<Number>, planes: Int
  ) {
    let (starts, places) = (windows.starts, windows.places)
    let count = windows.outputCount
    for plane in 0..<planes {
      let (x, start) = (x + plane * windows.inputCount, plane * count)
      for j in 0..<count {
        var best = places[starts[j]]
        var largest = x[Int(best)]
        for k in starts[j] + 1..<starts[j + 1] where x[Int(places[k])] > largest {
          best = places[k]
          largest = x[Int(best)]
        }
        y[start + j] = largest
        choice[start + j] = Number(best)
      }
    }
  }
}

extension Tape {
  /// The maximum over windows of every plane, none of them empty: the last axes of a tensor, which have
  /// together as many numbers as a plane, at most 2²⁴.
  ///
  /// - Parameters:
  ///   - input: `[…, plane]`.
  ///   - windows: which numbers of a plane.
  ///   - dimensions: the result's.
  public func maxima(
    of input: Variable<Number>, over windows: PlaneWindows, to dimensions: [Int]
  ) -> Variable<Number> {
    checkPlanes(input, windows, dimensions)
    precondition(
      windows.inputCount <= 1 << 24
        && zip(windows.starts, windows.starts.dropFirst()).allSatisfy(<),
      "a maximum over nothing, or over a plane of \(windows.inputCount)")
    return record(
      WindowMaximum(on: self, input: input, windows: windows, shape: .tensor(dimensions)))
  }
}
