import Differentiation
import Tensors

/// `MatMul`, of any ranks.
struct MatMul: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let left = try call.tensor(0)
    let right = try call.tensor(1)
    let product = try Self.product(
      call, left, right, try call.flag(FusedTransposition.names[0]),
      try call.flag(FusedTransposition.names[1]))
    return [.variable(product)]
  }

  /// The product of matrices in the last two axes; a vector is a row on the left, a column on the right.
  static func product<Number: Scalar>(
    _ call: OperatorCall<Number>, _ left: Variable<Number>, _ right: Variable<Number>,
    _ transposesLeft: Bool = false, _ transposesRight: Bool = false
  ) throws(ModelProblem) -> Variable<Number> {
    let (a, b) = (left.shape.dimensions, right.shape.dimensions)
    func refuse() -> ModelProblem {
      call.problem(
        "\(transposesLeft ? "the transpose of " : "")\(a) cannot be multiplied with "
          + "\(transposesRight ? "the transpose of " : "")\(b)")
    }
    guard !a.isEmpty, !b.isEmpty else { throw refuse() }
    let (x, y) = (a.count == 1 ? [1] + a : a, b.count == 1 ? b + [1] : b)
    let batch = Places.broadcast(Array(x.dropLast(2)), Array(y.dropLast(2)))
    let rows = x[x.count - (transposesLeft ? 1 : 2)]
    let columns = y[y.count - (transposesRight ? 2 : 1)]
    guard let batch,
      x[x.count - (transposesLeft ? 2 : 1)] == y[y.count - (transposesRight ? 1 : 2)]
    else { throw refuse() }
    try call.check(variable: batch + [rows, columns])
    func shaped(
      _ x: Variable<Number>, _ shape: [Int]
    ) throws(ModelProblem) -> Variable<Number> {
      try call.tensor(try call.reshaped(.variable(x), shape), "a factor")
    }
    let (l, r) = (try shaped(left, x), try shaped(right, y))
    let product: Variable<Number>
    if y.count == 2, transposesRight, !transposesLeft {
      // Rows of all matrices under each other: a linear layer.
      let flat = try shaped(l, [l.count / x[x.count - 1], x[x.count - 1]])
      product = call.tape.matrixProduct(flat, transposed: r)
    } else {
      product = call.tape.matrixProduct(
        l, r, transposingLeft: transposesLeft, transposingRight: transposesRight)
    }
    var shape = batch
    if a.count > 1 { shape.append(rows) }
    if b.count > 1 { shape.append(columns) }
    return try shaped(product, shape)
  }
}

/// `Gemm`: α op(A) op(B) + β C.
struct Gemm: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let (a, b, tape) = (try call.tensor(0), try call.tensor(1), call.tape)
    guard a.shape.matrixSize != nil, b.shape.matrixSize != nil else {
      throw call.problem("it multiplies matrices, not \(a.shape) and \(b.shape)")
    }
    var result = try MatMul.product(
      call, a, b, try call.flag("transA"), try call.flag("transB"))
    let (alpha, beta) = (try call.float("alpha", 1), try call.float("beta", 1))
    if alpha != 1 { result = tape.scaled(result, by: Number(alpha)) }
    guard call.has(2), beta != 0 else { return [.variable(result)] }
    var c = try call.tensor(2)
    let shape = result.shape.dimensions
    guard Places.broadcast(shape, c.shape.dimensions) == shape else {
      throw call.problem("its third input \(c.shape) does not broadcast to \(shape)")
    }
    if beta != 1 { c = tape.scaled(c, by: Number(beta)) }
    if c.shape == .vector(shape[1]) { return [.variable(tape.adding(bias: c, to: result))] }
    return [.variable(tape.sum(result, c))]
  }
}

/// `Einsum` of one or two tensors.
struct Einsum: GraphOperator {
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>] {
    let equation = try call.string("equation", "").filter { $0 != " " }
    var shapes: [[Int]] = []
    for i in call.inputs.indices { shapes.append(try call.dimensions(i)) }
    guard let plan = EinsumLabels(equation, shapes) else {
      throw call.problem(
        "the equation \(equation) does not fit \(shapes), or names an axis twice in one tensor")
    }
    switch plan.inputs.count {
    case 1: return [try arranged(call, try call.tensor(0), plan.inputs[0], plan.output)]
    case 2: return [try product(call, plan)]
    default: throw call.problem("it has \(plan.inputs.count) inputs; one or two are supported")
    }
  }

  /// Sums over labels that are not wanted, and puts the others into an order.
  private func arranged<Number: Scalar>(
    _ call: OperatorCall<Number>, _ x: Variable<Number>, _ labels: [Character],
    _ wanted: [Character]
  ) throws(ModelProblem) -> GraphValue<Number> {
    let summed = labels.indices.filter { !wanted.contains(labels[$0]) }
    let kept = labels.filter(wanted.contains)
    let sum = summed.isEmpty ? x : call.tape.sum(of: x, axes: summed)
    return try call.transposed(.variable(sum), wanted.compactMap { kept.firstIndex(of: $0) })
  }

  private func product<Number: Scalar>(
    _ call: OperatorCall<Number>, _ plan: EinsumLabels
  ) throws(ModelProblem) -> GraphValue<Number> {
    let (a, b) = (plan.inputs[0], plan.inputs[1])
    let batch = a.filter { b.contains($0) && plan.output.contains($0) }
    let contracted = a.filter { b.contains($0) && !plan.output.contains($0) }
    let rows = a.filter { !b.contains($0) && plan.output.contains($0) }
    let columns = b.filter { !a.contains($0) && plan.output.contains($0) }
    func length(_ labels: [Character]) -> Int {
      labels.reduce(1) { $0 * (plan.lengths[$1] ?? 1) }
    }
    func matrices(
      _ i: Int, _ first: [Character], _ second: [Character]
    ) throws(ModelProblem) -> Variable<Number> {
      let ordered = try arranged(
        call, try call.tensor(i), plan.inputs[i], batch + first + second)
      let shape = [length(batch), length(first), length(second)]
      return try call.tensor(try call.reshaped(ordered, shape), "its input \(i)")
    }
    let left = try matrices(0, rows, contracted)
    let right = try matrices(1, columns, contracted)
    let all = batch + rows + columns
    try call.check(variable: all.map { plan.lengths[$0] ?? 1 })
    let product = call.tape.matrixProduct(left, right, transposingRight: true)
    let shaped = try call.reshaped(.variable(product), all.map { plan.lengths[$0] ?? 1 })
    return try call.transposed(shaped, plan.output.compactMap { all.firstIndex(of: $0) })
  }
}

/// The names of axes in an equation such as `bij,bjk->bik`.
private struct EinsumLabels {
  var inputs: [[Character]] = []
  var output: [Character] = []
  var lengths: [Character: Int] = [:]

  /// Nil where the equation and the shapes do not go together.
  init?(_ equation: String, _ shapes: [[Int]]) {
    let sides = equation.split(separator: ">", omittingEmptySubsequences: false)
    guard sides.count <= 2, sides.count == 1 || sides[0].hasSuffix("-") else { return nil }
    let left = sides.count == 2 ? sides[0].dropLast() : sides[0]
    let terms = left.split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == shapes.count else { return nil }
    var widest = 0
    for (term, shape) in zip(terms, shapes) {
      guard let labels = Self.labels(term, rank: shape.count) else { return nil }
      widest = max(widest, labels.filter(\.isNumber).count)
      inputs.append(labels)
      for (label, length) in zip(labels, shape) {
        guard lengths[label, default: length] == length else { return nil }
        lengths[label] = length
      }
    }
    let dots = Self.dots(widest)
    if sides.count == 2 {
      let parts = sides[1].replacing("...", with: String(dots))
      output = Array(parts)
    } else {
      let letters = inputs.joined().filter { !$0.isNumber }
      output = dots + Set(letters).filter { l in letters.count { $0 == l } == 1 }.sorted()
    }
    guard Set(output).count == output.count, output.allSatisfy({ lengths[$0] != nil }) else {
      return nil
    }
  }

  /// Digits stand for the axes under an ellipsis, counted from the last.
  private static func dots(_ count: Int) -> [Character] {
    (0..<count).reversed().map { Character(String($0)) }
  }

  private static func labels(_ term: Substring, rank: Int) -> [Character]? {
    let letters = term.replacing("...", with: "")
    guard letters.allSatisfy({ $0.isASCII && $0.isLetter }), Set(letters).count == letters.count
    else { return nil }
    guard term.contains("...") else { return letters.count == rank ? Array(letters) : nil }
    let hidden = rank - letters.count
    guard (0..<10).contains(hidden) else { return nil }
    let labels = Array(term.replacing("...", with: String(dots(hidden))))
    return labels.count == rank ? labels : nil
  }
}
