import Tensors

/// ℓ_n = (1/m) Σ_i d_ni², d = x − t: the mean square of every example's m differences.
///
/// ℓ̇ = (2/m) ⟨d, ḋ⟩; x̄ = (2/m) ℓ̄ d and t̄ = −x̄; x̄̇ = (2/m) (ℓ̄̇ d + ℓ̄ ḋ) and t̄̇ = −x̄̇.
final class SquaredError<Number: Scalar>: Operation {
  let prediction: Operand<Number>
  let target: Operand<Number>
  let result: Variable<Number>
  private let difference: RetainedValues<Number>
  /// m.
  private let columns: Int

  init(
    on tape: Tape<Number>, prediction: Variable<Number>, target: Variable<Number>, batch: Int,
    columns: Int
  ) {
    self.prediction = Operand(prediction)
    self.target = Operand(target)
    self.columns = columns
    difference = RetainedValues(count: batch * columns)
    result = tape.result(.vector(batch), of: [self.prediction, self.target])
  }

  var operands: [Operand<Number>] { [prediction, target] }
  var retained: [RetainedValues<Number>] { [difference] }

  var needs: PrimalNeeds<Number> {
    PrimalNeeds(
      tangentsInPullback: [prediction.variable, target.variable],
      cotangentInPullbackTangent: true)
  }

  private var mean: Number { 1 / Number(columns) }

  func value() {
    let d = difference.pointer
    DifferenceLoops.subtract(
      target.variable.value, from: prediction.variable.value, into: d, count: difference.count)
    DifferenceLoops.products(
      d, d, by: mean, into: result.value, rows: result.count, columns: columns, accumulate: false)
  }

  func tangent() {
    var accumulate = false
    func add(_ variable: Variable<Number>, sign: Number) {
      guard variable.isActive else { return }
      DifferenceLoops.products(
        difference.pointer, variable.tangent, by: sign * 2 * mean, into: result.tangent,
        rows: result.count, columns: columns, accumulate: accumulate)
      accumulate = true
    }
    add(prediction.variable, sign: 1)
    add(target.variable, sign: -1)
  }

  func pullback() {
    func pull(_ operand: Operand<Number>, sign: Number) {
      guard operand.variable.isActive else { return }
      deliver(
        difference.pointer, by: result.cotangent, sign, to: operand.variable.cotangent,
        accumulate: operand.accumulates)
    }
    pull(prediction, sign: 1)
    pull(target, sign: -1)
  }

  func pullbackTangent() {
    func pull(_ operand: Operand<Number>, sign: Number) {
      guard operand.variable.isActive else { return }
      let sum = operand.variable.cotangentTangent
      deliver(
        difference.pointer, by: result.cotangentTangent, sign, to: sum,
        accumulate: operand.accumulates)
      if prediction.variable.isActive {
        deliver(
          prediction.variable.tangent, by: result.cotangent, sign, to: sum, accumulate: true)
      }
      if target.variable.isActive {
        deliver(target.variable.tangent, by: result.cotangent, -sign, to: sum, accumulate: true)
      }
    }
    pull(prediction, sign: 1)
    pull(target, sign: -1)
  }

  private func deliver(
    _ u: UnsafePointer<Number>, by scale: UnsafePointer<Number>, _ sign: Number,
    to y: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    DifferenceLoops.deliverRows(
      u, by: scale, times: sign * 2 * mean, to: y, rows: result.count, columns: columns,
      accumulate: accumulate)
  }
}

private enum DifferenceLoops {
  /// d ← x − t.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func subtract<Number: Scalar>(
    _ t: UnsafePointer<Number>, from x: UnsafePointer<Number>,
    into d: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count { d[i] = x[i] - t[i] }
  }

  /// p_n ← (or ← p_n +, when `accumulate`) factor · ⟨x_n, y_n⟩, in 16 partial sums: in a fixed order,
  /// and in vectors.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func products<Number: Scalar>(
    _ x: UnsafePointer<Number>, _ y: UnsafePointer<Number>, by factor: Number,
    into p: UnsafeMutablePointer<Number>, rows: Int, columns: Int, accumulate: Bool
  ) {
    let width = 16
    let whole = columns / width * width
    for n in 0..<rows {
      let (x, y) = (x + n * columns, y + n * columns)
      var sums = SIMD16<Number>(repeating: 0)
      for i in Swift.stride(from: 0, to: whole, by: width) {
        for lane in 0..<width { sums[lane] += x[i + lane] * y[i + lane] }
      }
      var total = sums.sum()
      for i in whole..<columns { total += x[i] * y[i] }
      p[n] = accumulate ? p[n] + factor * total : factor * total
    }
  }

  /// y_n ← (or ← y_n +, when `accumulate`) factor · scale_n · x_n.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func deliverRows<Number: Scalar>(
    _ x: UnsafePointer<Number>, by scale: UnsafePointer<Number>, times factor: Number,
    to y: UnsafeMutablePointer<Number>, rows: Int, columns: Int, accumulate: Bool
  ) {
    for n in 0..<rows {
      let (x, y, scale) = (x + n * columns, y + n * columns, factor * scale[n])
      if accumulate {
        for i in 0..<columns { y[i] += scale * x[i] }
      } else {
        for i in 0..<columns { y[i] = scale * x[i] }
      }
    }
  }
}

extension Tape {
  /// The mean of the squared differences of every example: two variables `[batch, …]` of one shape
  /// to `[batch]`.
  ///
  /// The mean is over all axes but the first, without a factor ½: the mean of the result over the
  /// batch is what `torch.nn.MSELoss()` gives.
  ///
  /// - Parameters:
  ///   - prediction: what a model answers.
  ///   - target: usually an input; may depend on parameters too.
  public func squaredError(
    _ prediction: Variable<Number>, _ target: Variable<Number>
  ) -> Variable<Number> {
    guard prediction.shape == target.shape, prediction.count > 0,
      let batch = prediction.shape.dimensions.first
    else {
      preconditionFailure("a squared error between \(prediction.shape) and \(target.shape)")
    }
    return record(
      SquaredError(
        on: self, prediction: prediction, target: target, batch: batch,
        columns: prediction.count / batch))
  }
}
