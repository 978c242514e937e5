import Tensors

/// y = softmax x for every row, or its logarithm.
///
/// Softmax: ẏ = y ∘ (ẋ − ⟨y, ẋ⟩); x̄ = y ∘ (ȳ − ⟨y, ȳ⟩);
/// x̄̇ = y ∘ (ȳ̇ − ⟨y, ȳ̇⟩ − ⟨ẏ, ȳ⟩) + ẏ ∘ (ȳ − ⟨y, ȳ⟩).
///
/// Its logarithm, with p = softmax x retained: ẏ = ẋ − ⟨p, ẋ⟩; x̄ = ȳ − p Σ ȳ;
/// x̄̇ = ȳ̇ − p Σ ȳ̇ − p ∘ ẏ Σ ȳ.
///
/// With a causal mask row t of each matrix reads its first t + 1 numbers only.
final class SoftmaxOverRows<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  private let isLogarithm: Bool
  private let rows: SoftmaxRows
  private let probabilities: RetainedValues<Number>

  init(on tape: Tape<Number>, input: Variable<Number>, isLogarithm: Bool, rows: SoftmaxRows) {
    self.input = Operand(input)
    self.isLogarithm = isLogarithm
    self.rows = rows
    probabilities = RetainedValues(count: isLogarithm ? input.count : 0)
    result = tape.result(input.shape, of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  var retained: [RetainedValues<Number>] { isLogarithm ? [probabilities] : [] }

  var needs: PrimalNeeds<Number> {
    let y = isLogarithm ? [] : [result]
    return PrimalNeeds(
      pullback: y, tangent: y, pullbackTangent: y, tangentsInPullback: [result],
      cotangentInPullbackTangent: true)
  }

  func value() {
    let (x, y) = (input.variable.value, result.value)
    if isLogarithm {
      SoftmaxLoops.logarithm(rows, x, into: y, probabilities: probabilities.pointer)
    } else {
      SoftmaxLoops.value(rows, x, into: y)
    }
  }

  func tangent() {
    let (x, y) = (input.variable.tangent, result.tangent)
    if isLogarithm {
      SoftmaxLoops.logarithmTangent(rows, x, probabilities: probabilities.pointer, into: y)
    } else {
      SoftmaxLoops.derivative(rows, x, at: result.value, into: y, accumulate: false)
    }
  }

  func pullback() {
    let (x, y) = (input.variable.cotangent, result.cotangent)
    if isLogarithm {
      SoftmaxLoops.logarithmPullback(
        rows, y, probabilities: probabilities.pointer, into: x, accumulate: input.accumulates)
    } else {
      // The derivative is symmetric.
      SoftmaxLoops.derivative(rows, y, at: result.value, into: x, accumulate: input.accumulates)
    }
  }

  func pullbackTangent() {
    let cotangents = (UnsafePointer(result.cotangent), UnsafePointer(result.cotangentTangent))
    let x = input.variable.cotangentTangent
    if isLogarithm {
      SoftmaxLoops.logarithmPullbackTangent(
        rows, cotangents, probabilities: probabilities.pointer, tangent: result.tangent, into: x,
        accumulate: input.accumulates)
    } else {
      SoftmaxLoops.pullbackTangent(
        rows, cotangents, at: result.value, tangent: result.tangent, into: x,
        accumulate: input.accumulates)
    }
  }
}

/// The rows of a softmax.
struct SoftmaxRows {
  let count: Int
  let length: Int
  /// Rows of each matrix under a causal mask; nil without.
  let queries: Int?

  /// How many numbers of a row are read.
  @inline(__always)
  func limit(_ row: Int) -> Int {
    guard let queries else { return length }
    return min(length, row % queries + 1)
  }
}

private enum SoftmaxLoops {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func value<Number: Scalar>(
    _ rows: SoftmaxRows, _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>
  ) {
    for row in 0..<rows.count {
      let (x, y, n) = (x + row * rows.length, y + row * rows.length, rows.limit(row))
      let largest = Reductions.maximum(x, count: n)
      for i in n..<rows.length { y[i] = 0 }
      // Nothing is allowed: no probabilities.
      guard largest != -Number.infinity else {
        for i in 0..<n { y[i] = 0 }
        continue
      }
      for i in 0..<n { y[i] = Number.branchFreeExponential(x[i] - largest) }
      let scale = 1 / Reductions.sum(y, count: n)
      for i in 0..<n { y[i] *= scale }
    }
  }

  /// v ← (or ← v +, when `accumulate`) y ∘ (u − ⟨y, u⟩).
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func derivative<Number: Scalar>(
    _ rows: SoftmaxRows, _ u: UnsafePointer<Number>, at y: UnsafePointer<Number>,
    into v: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    for row in 0..<rows.count {
      let start = row * rows.length
      let (u, y, v, n) = (u + start, y + start, v + start, rows.limit(row))
      let mean = Reductions.dot(y, u, count: n)
      if accumulate {
        for i in 0..<n { v[i] += y[i] * (u[i] - mean) }
      } else {
        for i in 0..<n { v[i] = y[i] * (u[i] - mean) }
        for i in n..<rows.length { v[i] = 0 }
      }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func pullbackTangent<Number: Scalar>(
    _ rows: SoftmaxRows,
    _ cotangents: (cotangent: UnsafePointer<Number>, tangent: UnsafePointer<Number>),
    at y: UnsafePointer<Number>, tangent: UnsafePointer<Number>,
    into x: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    for row in 0..<rows.count {
      let start = row * rows.length
      let (y, yTangent, x, n) = (y + start, tangent + start, x + start, rows.limit(row))
      let (u, uTangent) = (cotangents.cotangent + start, cotangents.tangent + start)
      let mean = Reductions.dot(y, u, count: n)
      let meanTangent =
        Reductions.dot(y, uTangent, count: n) + Reductions.dot(yTangent, u, count: n)
      if accumulate {
        for i in 0..<n { x[i] += y[i] * (uTangent[i] - meanTangent) + yTangent[i] * (u[i] - mean) }
      } else {
        for i in 0..<n { x[i] = y[i] * (uTangent[i] - meanTangent) + yTangent[i] * (u[i] - mean) }
        for i in n..<rows.length { x[i] = 0 }
      }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func logarithm<Number: Scalar>(
    _ rows: SoftmaxRows, _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    probabilities p: UnsafeMutablePointer<Number>
  ) {
    for row in 0..<rows.count {
      let start = row * rows.length
      let (x, y, p, n) = (x + start, y + start, p + start, rows.limit(row))
      let largest = Reductions.maximum(x, count: n)
      let isEmpty = largest == -Number.infinity
      for i in (isEmpty ? 0 : n)..<rows.length {
        y[i] = -Number.infinity
        p[i] = 0
      }
      if isEmpty { continue }
      for i in 0..<n { p[i] = Number.branchFreeExponential(x[i] - largest) }
      let total = Reductions.sum(p, count: n)
      let (scale, shift) = (1 / total, largest + Number.logarithm(total))
      for i in 0..<n { p[i] *= scale }
      for i in 0..<n { y[i] = x[i] - shift }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func logarithmTangent<Number: Scalar>(
    _ rows: SoftmaxRows, _ x: UnsafePointer<Number>, probabilities p: UnsafePointer<Number>,
    into y: UnsafeMutablePointer<Number>
  ) {
    for row in 0..<rows.count {
      let start = row * rows.length
      let (x, y, p, n) = (x + start, y + start, p + start, rows.limit(row))
      let mean = Reductions.dot(p, x, count: n)
      for i in 0..<n { y[i] = x[i] - mean }
      for i in n..<rows.length { y[i] = 0 }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func logarithmPullback<Number: Scalar>(
    _ rows: SoftmaxRows, _ u: UnsafePointer<Number>, probabilities p: UnsafePointer<Number>,
    into x: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    for row in 0..<rows.count {
      let start = row * rows.length
      let (u, x, p, n) = (u + start, x + start, p + start, rows.limit(row))
      let total = Reductions.sum(u, count: n)
      if accumulate {
        for i in 0..<n { x[i] += u[i] - p[i] * total }
      } else {
        for i in 0..<n { x[i] = u[i] - p[i] * total }
        for i in n..<rows.length { x[i] = 0 }
      }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func logarithmPullbackTangent<Number: Scalar>(
    _ rows: SoftmaxRows,
    _ cotangents: (cotangent: UnsafePointer<Number>, tangent: UnsafePointer<Number>),
    probabilities p: UnsafePointer<Number>, tangent: UnsafePointer<Number>,
    into x: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    for row in 0..<rows.count {
      let start = row * rows.length
      let (p, yTangent, x, n) = (p + start, tangent + start, x + start, rows.limit(row))
      let (u, uTangent) = (cotangents.cotangent + start, cotangents.tangent + start)
      let (total, totalTangent) = (
        Reductions.sum(u, count: n), Reductions.sum(uTangent, count: n)
      )
      if accumulate {
        for i in 0..<n { x[i] += uTangent[i] - p[i] * (totalTangent + yTangent[i] * total) }
      } else {
        for i in 0..<n { x[i] = uTangent[i] - p[i] * (totalTangent + yTangent[i] * total) }
        for i in n..<rows.length { x[i] = 0 }
      }
    }
  }
}

/// What a softmax leaves out.
public enum SoftmaxMask<Number: Scalar> {
  /// Number s of row t is left out if s > t, in the last two axes `[…, t, s]`: attention that does not
  /// look ahead.
  case causal
  /// Added to the logits, and broadcast to them by NumPy's rules: 0 for what counts, −∞ for what does
  /// not, or any other numbers.
  case additive(Variable<Number>)
}

extension Tape {
  /// The softmax over an axis of a tensor; what a mask leaves out gets 0, and a row of which
  /// nothing is left is all 0.
  ///
  /// A negative axis counts from the end; a causal mask needs the last.
  public func softmax(
    _ input: Variable<Number>, axis: Int = -1, mask: SoftmaxMask<Number>? = nil
  ) -> Variable<Number> {
    softmax(input, axis, mask, isLogarithm: false)
  }

  /// The logarithm of ``softmax(_:axis:mask:)``; what a mask leaves out gets −∞.
  public func logSoftmax(
    _ input: Variable<Number>, axis: Int = -1, mask: SoftmaxMask<Number>? = nil
  ) -> Variable<Number> {
    softmax(input, axis, mask, isLogarithm: true)
  }

  private func softmax(
    _ input: Variable<Number>, _ axis: Int, _ mask: SoftmaxMask<Number>?, isLogarithm: Bool
  ) -> Variable<Number> {
    let dimensions = tensorDimensions(input, "a softmax")
    let (axis, last) = (axisIndex(axis, of: input), dimensions.count - 1)
    precondition(dimensions[axis] > 0, "a softmax over axis \(axis) of \(input.shape)")
    var x = input
    var queries: Int?
    switch mask {
    case .additive(let mask):
      x = sum(x, mask)
      precondition(
        x.shape == input.shape, "a mask \(mask.shape) does not broadcast to \(input.shape)")
    case .causal:
      precondition(
        axis == last && last > 0,
        "a causal mask is over the last of at least two axes, not over axis \(axis) of "
          + "\(input.shape)")
      queries = dimensions[last - 1]
    case nil: break
    }
    var order = Array(dimensions.indices)
    order.swapAt(axis, last)
    if axis != last { x = transposed(x, order) }
    let rows = SoftmaxRows(
      count: input.count / dimensions[axis], length: dimensions[axis], queries: queries)
    let y = record(SoftmaxOverRows(on: self, input: x, isLogarithm: isLogarithm, rows: rows))
    return axis == last ? y : transposed(y, order)
  }
}
