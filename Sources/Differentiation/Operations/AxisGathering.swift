import Tensors

/// y = the numbers of x at other places of an axis: `[outer, from, inner]` to `[outer, to, inner]`,
/// where place j of the result is place `places[j]` of the input, or a constant where that is −1.
///
/// Reversing, rolling, padding with constants or with a reflection, and enlarging by the nearest
/// neighbour are made of it. Linear, and where there are constants affine: the pullbacks add up what
/// was taken from one place.
final class AxisGathering<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  private let outer: Int
  private let length: Int
  private let inner: Int
  private let places: [Int]
  private let fill: Number

  init(
    on tape: Tape<Number>, input: Variable<Number>, axis: Int, places: [Int], fill: Number
  ) {
    var shape = input.shape.dimensions
    outer = shape[..<axis].reduce(1, *)
    length = shape[axis]
    inner = shape[(axis + 1)...].reduce(1, *)
    shape[axis] = places.count
    self.input = Operand(input)
    self.places = places
    self.fill = fill
    result = tape.result(.tensor(shape), of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() { gather(input.variable.value, into: result.value, fill: fill) }

  func tangent() { gather(input.variable.tangent, into: result.tangent, fill: 0) }

  func pullback() { scatter(result.cotangent, into: input.variable.cotangent) }

  func pullbackTangent() {
    scatter(result.cotangentTangent, into: input.variable.cotangentTangent)
  }

  private func gather(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>, fill: Number
  ) {
    AxisGatheringLoops.gather(
      x, into: y, outer: outer, length: length, inner: inner, places: places, fill: fill)
  }

  private func scatter(_ y: UnsafePointer<Number>, into x: UnsafeMutablePointer<Number>) {
    if !input.accumulates { Elementwise.fill(x, count: input.variable.count, with: 0) }
    AxisGatheringLoops.scatter(
      y, into: x, outer: outer, length: length, inner: inner, places: places)
  }
}

private enum AxisGatheringLoops {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func gather<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>, outer: Int, length: Int,
    inner: Int, places: [Int], fill: Number
  ) {
    places.withUnsafeBufferPointer { places in
      for o in 0..<outer {
        let (x, y) = (x + o * length * inner, y + o * places.count * inner)
        if inner == 1 {
          for (j, place) in places.enumerated() { y[j] = place < 0 ? fill : x[place] }
          continue
        }
        for (j, place) in places.enumerated() {
          if place < 0 {
            Elementwise.fill(y + j * inner, count: inner, with: fill)
          } else {
            (y + j * inner).update(from: x + place * inner, count: inner)
          }
        }
      }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func scatter<Number: Scalar>(
    _ y: UnsafePointer<Number>, into x: UnsafeMutablePointer<Number>, outer: Int, length: Int,
    inner: Int, places: [Int]
  ) {
    places.withUnsafeBufferPointer { places in
      for o in 0..<outer {
        let (x, y) = (x + o * length * inner, y + o * places.count * inner)
        if inner == 1 {
          for (j, place) in places.enumerated() where place >= 0 { x[place] += y[j] }
          continue
        }
        for (j, place) in places.enumerated() where place >= 0 {
          Elementwise.add(y + j * inner, to: x + place * inner, count: inner)
        }
      }
    }
  }
}

extension Tape {
  /// The numbers of a tensor at other places of an axis, in any order and as often as one likes.
  ///
  /// - Parameters:
  ///   - input: a tensor.
  ///   - axis: counts from the end if negative.
  ///   - places: for every index of the result the index of the input, or −1 for a constant.
  ///   - fill: the constant.
  public func gathered(
    _ input: Variable<Number>, axis: Int, places: [Int], fill: Number = 0
  ) -> Variable<Number> {
    let dimensions = tensorDimensions(input, "gathering")
    let axis = axisIndex(axis, of: input)
    precondition(
      places.allSatisfy { (-1..<dimensions[axis]).contains($0) },
      "gathering places beyond axis \(axis) of \(input.shape)")
    return record(AxisGathering(on: self, input: input, axis: axis, places: places, fill: fill))
  }
}
