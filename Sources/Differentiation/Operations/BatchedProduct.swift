import Tensors

/// C = op(A) op(B) for matrices in the last two axes, read as they are or transposed; the axes before
/// them broadcast.
///
/// With G = C̄: Ā = G op(B)ᵀ and B̄ = op(A)ᵀ G, or their transposes; the tangents by the product rule.
/// A right factor that all share has the left ones under each other as one matrix.
final class BatchedProduct<Number: Scalar>: Operation {
  let left: Operand<Number>
  let right: Operand<Number>
  let result: Variable<Number>
  private let plan: BatchedProductPlan
  private unowned let tape: Tape<Number>

  init(
    on tape: Tape<Number>, left: Variable<Number>, right: Variable<Number>,
    plan: BatchedProductPlan, shape: Shape
  ) {
    self.tape = tape
    self.left = Operand(left)
    self.right = Operand(right)
    self.plan = plan
    result = tape.result(shape, of: [self.left, self.right])
    if tape.compute == .bfloat16 {
      // The two largest of the operands, one after the other.
      tape.reserveScratch(count: 2 * max(left.count, right.count, result.count))
    }
  }

  var operands: [Operand<Number>] { [left, right] }

  var needs: PrimalNeeds<Number> {
    let (x, y) = (left.variable, right.variable)
    let factors = (y.isActive ? [x] : []) + (x.isActive ? [y] : [])
    return PrimalNeeds(
      pullback: factors, tangent: factors, pullbackTangent: factors,
      tangentsInPullback: x.isActive && y.isActive ? [x, y] : [],
      cotangentInPullbackTangent: x.isActive && y.isActive)
  }

  var work: OperationWork {
    OperationWork(
      kind: .product,
      productOperations: 2 * plan.rows * plan.columns * plan.inner * plan.matrices.count,
      hasInputGradient: left.variable.isActive && right.variable.isActive)
  }

  func value() {
    product(left.variable.value, right.variable.value, into: result.value, accumulate: false)
  }

  func tangent() {
    let (x, y) = (left.variable, right.variable)
    if y.isActive { product(x.value, y.tangent, into: result.tangent, accumulate: false) }
    if x.isActive { product(x.tangent, y.value, into: result.tangent, accumulate: y.isActive) }
  }

  func pullback() {
    let (x, y, gradient) = (left.variable, right.variable, result.cotangent)
    if x.isActive { leftGradient(gradient, y.value, into: x.cotangent, left.accumulates) }
    if y.isActive { rightGradient(gradient, x.value, into: y.cotangent, right.accumulates) }
  }

  func pullbackTangent() {
    let (x, y) = (left.variable, right.variable)
    let (gradient, gradientTangent) = (result.cotangent, result.cotangentTangent)
    if x.isActive {
      leftGradient(gradientTangent, y.value, into: x.cotangentTangent, left.accumulates)
      if y.isActive { leftGradient(gradient, y.tangent, into: x.cotangentTangent, true) }
    }
    if y.isActive {
      rightGradient(gradientTangent, x.value, into: y.cotangentTangent, right.accumulates)
      if x.isActive { rightGradient(gradient, x.tangent, into: y.cotangentTangent, true) }
    }
  }

  private func product(
    _ a: UnsafePointer<Number>, _ b: UnsafePointer<Number>, into c: UnsafeMutablePointer<Number>,
    accumulate: Bool
  ) {
    let (a, b) = (rounded(a, left.variable.count), rounded(b, right.variable.count, second: true))
    for (i, matrix) in plan.matrices.enumerated() {
      Number.matrixProduct(
        MatrixOperand(a + matrix.left, stride: plan.leftStride, transposed: plan.transposesLeft),
        MatrixOperand(b + matrix.right, stride: plan.rightStride, transposed: plan.transposesRight),
        into: c + i * plan.rows * plan.columns, rows: plan.rows, columns: plan.columns,
        inner: plan.inner, accumulate: accumulate)
    }
  }

  private func leftGradient(
    _ g: UnsafePointer<Number>, _ b: UnsafePointer<Number>, into a: UnsafeMutablePointer<Number>,
    _ accumulates: Bool
  ) {
    let (g, b) = (rounded(g, result.count), rounded(b, right.variable.count, second: true))
    for (i, matrix) in plan.matrices.enumerated() {
      let gradient = g + i * plan.rows * plan.columns
      let accumulate = accumulates || !matrix.isFirstOfLeft
      if plan.transposesLeft {
        Number.matrixProduct(
          MatrixOperand(
            b + matrix.right, stride: plan.rightStride, transposed: plan.transposesRight),
          MatrixOperand(gradient, stride: plan.columns, transposed: true), into: a + matrix.left,
          rows: plan.inner, columns: plan.rows, inner: plan.columns, accumulate: accumulate)
      } else {
        Number.matrixProduct(
          MatrixOperand(gradient, stride: plan.columns),
          MatrixOperand(
            b + matrix.right, stride: plan.rightStride, transposed: !plan.transposesRight),
          into: a + matrix.left, rows: plan.rows, columns: plan.inner, inner: plan.columns,
          accumulate: accumulate)
      }
    }
  }

  private func rightGradient(
    _ g: UnsafePointer<Number>, _ a: UnsafePointer<Number>, into b: UnsafeMutablePointer<Number>,
    _ accumulates: Bool
  ) {
    let (g, a) = (rounded(g, result.count), rounded(a, left.variable.count, second: true))
    for (i, matrix) in plan.matrices.enumerated() {
      let gradient = g + i * plan.rows * plan.columns
      let accumulate = accumulates || !matrix.isFirstOfRight
      if plan.transposesRight {
        Number.matrixProduct(
          MatrixOperand(gradient, stride: plan.columns, transposed: true),
          MatrixOperand(a + matrix.left, stride: plan.leftStride, transposed: plan.transposesLeft),
          into: b + matrix.right, rows: plan.columns, columns: plan.inner, inner: plan.rows,
          accumulate: accumulate)
      } else {
        Number.matrixProduct(
          MatrixOperand(a + matrix.left, stride: plan.leftStride, transposed: !plan.transposesLeft),
          MatrixOperand(gradient, stride: plan.columns), into: b + matrix.right, rows: plan.inner,
          columns: plan.columns, inner: plan.rows, accumulate: accumulate)
      }
    }
  }

  /// Numbers as the products shall read them: as they are, or rounded into one half of the scratch.
  private func rounded(
    _ numbers: UnsafePointer<Number>, _ count: Int, second: Bool = false
  ) -> UnsafePointer<Number> {
    guard tape.compute == .bfloat16 else { return numbers }
    let half = max(left.variable.count, right.variable.count, result.count)
    let target = tape.scratch + (second ? half : 0)
    Number.roundToBFloat16(numbers, into: target, count: count)
    return UnsafePointer(target)
  }
}

/// Which matrices are multiplied, and how they lie.
struct BatchedProductPlan {
  /// One product: where its factors start, and whether they are met for the first time.
  struct Matrix {
    let left: Int
    let right: Int
    let isFirstOfLeft: Bool
    let isFirstOfRight: Bool
  }

  /// Rows of op(A).
  let rows: Int
  /// Columns of op(B).
  let columns: Int
  /// Columns of op(A), rows of op(B).
  let inner: Int
  let transposesLeft: Bool
  let transposesRight: Bool
  let matrices: [Matrix]
  /// The result's.
  let dimensions: [Int]

  /// Numbers in a stored row of A.
  var leftStride: Int { transposesLeft ? rows : inner }
  /// Numbers in a stored row of B.
  var rightStride: Int { transposesRight ? inner : columns }

  /// Nil where the shapes do not go together.
  init?(_ left: [Int], _ right: [Int], transposesLeft: Bool, transposesRight: Bool) {
    guard left.count >= 2, right.count >= 2 else { return nil }
    let (a, b) = (Array(left.suffix(2)), Array(right.suffix(2)))
    let (rows, inner) = transposesLeft ? (a[1], a[0]) : (a[0], a[1])
    let (columns, other) = transposesRight ? (b[0], b[1]) : (b[1], b[0])
    let leftBatch = Array(left.dropLast(2))
    let rightBatch = Array(right.dropLast(2))
    guard inner == other, let batch = Broadcast(leftBatch, rightBatch) else { return nil }
    self.columns = columns
    self.inner = inner
    self.transposesLeft = transposesLeft
    self.transposesRight = transposesRight
    dimensions = batch.dimensions + [rows, columns]
    if rightBatch.allSatisfy({ $0 == 1 }), !transposesLeft {
      self.rows = rows * batch.dimensions.reduce(1, *)
      matrices = [Matrix(left: 0, right: 0, isFirstOfLeft: true, isFirstOfRight: true)]
      return
    }
    self.rows = rows
    var places: [(left: Int, right: Int)] = [(0, 0)]
    for axis in batch.axes {
      places = places.flatMap { place in
        (0..<axis.count).map {
          (place.left + $0 * axis.strides[1], place.right + $0 * axis.strides[2])
        }
      }
    }
    var (leftSeen, rightSeen): (Set<Int>, Set<Int>) = ([], [])
    matrices = places.map { place in
      Matrix(
        left: place.left * rows * inner, right: place.right * inner * columns,
        isFirstOfLeft: leftSeen.insert(place.left).inserted,
        isFirstOfRight: rightSeen.insert(place.right).inserted)
    }
  }
}

extension Tape {
  /// The products of the matrices in the last two axes, `[…, m, k]` and `[…, k, n]` to `[…, m, n]`; the
  /// axes before them broadcast by NumPy's rules.
  ///
  /// - Parameters:
  ///   - left: A, or its transpose.
  ///   - right: B, or its transpose.
  ///   - transposingLeft: whether the left one is stored as `[…, k, m]`.
  ///   - transposingRight: whether the right one is stored as `[…, n, k]`.
  public func matrixProduct(
    _ left: Variable<Number>, _ right: Variable<Number>, transposingLeft: Bool = false,
    transposingRight: Bool = false
  ) -> Variable<Number> {
    guard case .tensor(let a) = left.shape, case .tensor(let b) = right.shape,
      let plan = BatchedProductPlan(
        a, b, transposesLeft: transposingLeft, transposesRight: transposingRight)
    else {
      func name(_ shape: Shape, _ transposed: Bool) -> String {
        transposed ? "the transpose of \(shape)" : "\(shape)"
      }
      preconditionFailure(
        "the product of \(name(left.shape, transposingLeft)) with "
          + name(right.shape, transposingRight))
    }
    return record(
      BatchedProduct(
        on: self, left: left, right: right, plan: plan, shape: .tensor(plan.dimensions)))
  }
}
