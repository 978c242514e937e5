import Tensors

/// y_j = Σ_k f_jk x_k over the windows of a plane, for every plane: a sparse linear map.
final class WindowSum<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  private let windows: PlaneWindows
  private let factors: [Number]
  private let planes: Int

  init(on tape: Tape<Number>, input: Variable<Number>, windows: PlaneWindows, shape: Shape) {
    self.input = Operand(input)
    self.windows = windows
    factors = windows.factors.map { Number($0) }
    planes = input.count / windows.inputCount
    result = tape.result(shape, of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() { map(input.variable.value, into: result.value) }

  func tangent() { map(input.variable.tangent, into: result.tangent) }

  func pullback() { pull(result.cotangent, into: input.variable.cotangent) }

  func pullbackTangent() {
    pull(result.cotangentTangent, into: input.variable.cotangentTangent)
  }

  private func map(_ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>) {
    WindowSumLoops.map(windows, factors, x, into: y, planes: planes)
  }

  private func pull(_ y: UnsafePointer<Number>, into x: UnsafeMutablePointer<Number>) {
    if !input.accumulates { Elementwise.fill(x, count: input.variable.count, with: 0) }
    WindowSumLoops.adjoint(windows, factors, y, into: x, planes: planes)
  }
}

private enum WindowSumLoops {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func map<Number: Scalar>(
    _ windows: PlaneWindows, _ factors: [Number], _ x: UnsafePointer<Number>,
    into y: UnsafeMutablePointer<Number>, planes: Int
  ) {
    let (starts, places) = (windows.starts, windows.places)
    let count = windows.outputCount
    for plane in 0..<planes {
      let (x, y) = (x + plane * windows.inputCount, y + plane * count)
      for j in 0..<count {
        var sum: Number = 0
        for k in starts[j]..<starts[j + 1] { sum += factors[k] * x[Int(places[k])] }
        y[j] = sum
      }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func adjoint<Number: Scalar>(
    _ windows: PlaneWindows, _ factors: [Number], _ y: UnsafePointer<Number>,
    into x: UnsafeMutablePointer<Number>, planes: Int
  ) {
    let (starts, places) = (windows.starts, windows.places)
    let count = windows.outputCount
    for plane in 0..<planes {
      let (x, y) = (x + plane * windows.inputCount, y + plane * count)
      for j in 0..<count {
        for k in starts[j]..<starts[j + 1] { x[Int(places[k])] += factors[k] * y[j] }
      }
    }
  }
}

extension Tape {
  /// Weighted sums over windows of every plane: the last axes of a tensor, which have together as many
  /// numbers as a plane.
  ///
  /// - Parameters:
  ///   - input: `[…, plane]`.
  ///   - windows: which numbers of a plane, and how often.
  ///   - dimensions: the result's.
  public func sums(
    of input: Variable<Number>, over windows: PlaneWindows, to dimensions: [Int]
  ) -> Variable<Number> {
    checkPlanes(input, windows, dimensions)
    return record(
      WindowSum(on: self, input: input, windows: windows, shape: .tensor(dimensions)))
  }

  func checkPlanes(_ input: Variable<Number>, _ windows: PlaneWindows, _ dimensions: [Int]) {
    _ = tensorDimensions(input, "a window")
    let count = windows.inputCount
    precondition(
      count > 0 && input.count % count == 0
        && dimensions.reduce(1, *) == input.count / count * windows.outputCount,
      "windows over planes of \(count) in \(input.shape), to \(dimensions)")
  }
}
