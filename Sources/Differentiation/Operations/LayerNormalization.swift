import Tensors

/// y = γ x̂ + β with x̂ = (x − μ) r, r = 1/√(σ² + ε), for every row.
///
/// With means ⟨·⟩ over the row, a = ⟨ẋ⟩ and b = ⟨x̂ ẋ⟩: x̂̇ = r (ẋ − a − x̂ b), ṙ = −r² b.
/// With g = γ ȳ, m = ⟨g⟩ and k = ⟨x̂ g⟩: x̄ = r (g − m − x̂ k), γ̄ = Σ ȳ x̂, β̄ = Σ ȳ over the rows. The
/// pullback's tangent is the product rule on these: x̄̇ = ṙ (g − m − x̂ k) + r (ġ − ṁ − x̂̇ k − x̂ k̇).
///
/// J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization", arXiv:1607.06450.
final class LayerNormalization<Number: Scalar>: Operation {
  let input: Operand<Number>
  let weight: Operand<Number>?
  let bias: Operand<Number>?
  let result: Variable<Number>
  private let rows: Int
  private let columns: Int
  private let epsilon: Number
  /// x̂.
  private let normalized: RetainedValues<Number>
  /// r of each row.
  private let scales: RetainedValues<Number>
  /// Stand for a γ and tangents that are not there.
  private let ones: Buffer<Number>
  private let zeros: Buffer<Number>
  private unowned let tape: Tape<Number>

  init(
    on tape: Tape<Number>, input: Variable<Number>, weight: Variable<Number>?,
    bias: Variable<Number>?, columns: Int, epsilon: Double
  ) {
    self.tape = tape
    self.input = Operand(input)
    self.weight = weight.map { Operand($0) }
    self.bias = bias.map { Operand($0) }
    self.columns = columns
    self.epsilon = Number(epsilon)
    rows = input.count / columns
    normalized = RetainedValues(count: input.count)
    scales = RetainedValues(count: input.count / columns)
    ones = Buffer(count: columns)
    zeros = Buffer(count: columns)
    Elementwise.fill(ones.pointer, count: columns, with: 1)
    result = tape.result(
      input.shape, of: [self.input] + [self.weight, self.bias].compactMap { $0 })
    tape.reserveScratch(count: 3 * columns)
  }

  var operands: [Operand<Number>] { [input] + [weight, bias].compactMap { $0 } }
  var retained: [RetainedValues<Number>] { [normalized, scales] }
  var work: OperationWork { OperationWork(kind: .normalization) }

  var needs: PrimalNeeds<Number> {
    let factors = weight.map { [$0.variable] } ?? []
    return PrimalNeeds(
      pullback: factors, tangent: factors, pullbackTangent: factors,
      tangentsInPullback: [input.variable] + factors, cotangentInPullbackTangent: true)
  }

  private var factor: UnsafePointer<Number> {
    UnsafePointer(weight?.variable.value ?? ones.pointer)
  }

  private func tangent(of operand: Operand<Number>?) -> UnsafePointer<Number> {
    guard let variable = operand?.variable, variable.isActive else {
      return UnsafePointer(zeros.pointer)
    }
    return UnsafePointer(variable.tangent)
  }

  /// The place of a gradient, cleared unless there is something to add to.
  private func target(
    _ operand: Operand<Number>?, _ place: KeyPath<Variable<Number>, Placement<Number>>
  ) -> UnsafeMutablePointer<Number>? {
    guard let operand, operand.variable.isActive else { return nil }
    let gradient = operand.variable[keyPath: place].pointer
    if !operand.accumulates { Elementwise.fill(gradient, count: columns, with: 0) }
    return gradient
  }

  private var rowLoops: NormalizedRows<Number> {
    NormalizedRows(
      rows: rows, columns: columns, normalized: normalized.pointer, scales: scales.pointer,
      weight: factor)
  }

  func value() {
    LayerNormalizationLoops.value(
      rowLoops, input.variable.value, bias: bias?.variable.value ?? zeros.pointer,
      epsilon: epsilon, into: result.value)
  }

  func tangent() {
    LayerNormalizationLoops.tangent(
      rowLoops, tangent(of: input), step: input.variable.isActive ? columns : 0,
      weightTangent: tangent(of: weight), biasTangent: tangent(of: bias), into: result.tangent)
  }

  func pullback() {
    LayerNormalizationLoops.pullback(
      rowLoops, result.cotangent, scratch: tape.scratch,
      into: input.variable.isActive ? input.variable.cotangent : nil,
      accumulate: input.accumulates, weight: target(weight, \.cotangentStorage),
      bias: target(bias, \.cotangentStorage))
  }

  func pullbackTangent() {
    LayerNormalizationLoops.pullbackTangent(
      rowLoops, (UnsafePointer(result.cotangent), UnsafePointer(result.cotangentTangent)),
      tangent(of: input), step: input.variable.isActive ? columns : 0,
      weightTangent: tangent(of: weight), scratch: tape.scratch,
      into: input.variable.isActive ? input.variable.cotangentTangent : nil,
      accumulate: input.accumulates, weight: target(weight, \.cotangentTangentStorage),
      bias: target(bias, \.cotangentTangentStorage))
  }
}

/// What all passes of a layer normalisation read.
struct NormalizedRows<Number: Scalar> {
  let rows: Int
  let columns: Int
  let normalized: UnsafeMutablePointer<Number>
  let scales: UnsafeMutablePointer<Number>
  let weight: UnsafePointer<Number>
}

private enum LayerNormalizationLoops {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func value<Number: Scalar>(
    _ r: NormalizedRows<Number>, _ x: UnsafePointer<Number>, bias: UnsafePointer<Number>,
    epsilon: Number, into y: UnsafeMutablePointer<Number>
  ) {
    let (n, weight) = (r.columns, r.weight)
    for row in 0..<r.rows {
      let (x, y, normalized) = (x + row * n, y + row * n, r.normalized + row * n)
      let mean = Reductions.sum(x, count: n) / Number(n)
      for i in 0..<n { normalized[i] = x[i] - mean }
      let variance = Reductions.dot(normalized, normalized, count: n) / Number(n)
      let scale = 1 / (variance + epsilon).squareRoot()
      r.scales[row] = scale
      for i in 0..<n { normalized[i] *= scale }
      for i in 0..<n { y[i] = weight[i] * normalized[i] + bias[i] }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func tangent<Number: Scalar>(
    _ r: NormalizedRows<Number>, _ x: UnsafePointer<Number>, step: Int,
    weightTangent: UnsafePointer<Number>, biasTangent: UnsafePointer<Number>,
    into y: UnsafeMutablePointer<Number>
  ) {
    let (n, weight) = (r.columns, r.weight)
    for row in 0..<r.rows {
      let (x, y, normalized) = (x + row * step, y + row * n, r.normalized + row * n)
      let scale = r.scales[row]
      let mean = Reductions.sum(x, count: n) / Number(n)
      let product = Reductions.dot(normalized, x, count: n) / Number(n)
      for i in 0..<n {
        y[i] =
          weight[i] * scale * (x[i] - mean - normalized[i] * product)
          + weightTangent[i] * normalized[i] + biasTangent[i]
      }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func pullback<Number: Scalar>(
    _ r: NormalizedRows<Number>, _ cotangent: UnsafePointer<Number>,
    scratch g: UnsafeMutablePointer<Number>, into x: UnsafeMutablePointer<Number>?,
    accumulate: Bool, weight weightGradient: UnsafeMutablePointer<Number>?,
    bias biasGradient: UnsafeMutablePointer<Number>?
  ) {
    let (n, weight) = (r.columns, r.weight)
    for row in 0..<r.rows {
      let (u, normalized, scale) = (
        cotangent + row * n, UnsafePointer(r.normalized + row * n), r.scales[row]
      )
      if let weightGradient { for i in 0..<n { weightGradient[i] += u[i] * normalized[i] } }
      if let biasGradient { for i in 0..<n { biasGradient[i] += u[i] } }
      guard let x = x.map({ $0 + row * n }) else { continue }
      for i in 0..<n { g[i] = weight[i] * u[i] }
      let mean = Reductions.sum(g, count: n) / Number(n)
      let product = Reductions.dot(normalized, g, count: n) / Number(n)
      if accumulate {
        for i in 0..<n { x[i] += scale * (g[i] - mean - normalized[i] * product) }
      } else {
        for i in 0..<n { x[i] = scale * (g[i] - mean - normalized[i] * product) }
      }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func pullbackTangent<Number: Scalar>(
    _ r: NormalizedRows<Number>,
    _ cotangents: (cotangent: UnsafePointer<Number>, tangent: UnsafePointer<Number>),
    _ xTangent: UnsafePointer<Number>, step: Int, weightTangent: UnsafePointer<Number>,
    scratch: UnsafeMutablePointer<Number>, into x: UnsafeMutablePointer<Number>?,
    accumulate: Bool, weight weightGradient: UnsafeMutablePointer<Number>?,
    bias biasGradient: UnsafeMutablePointer<Number>?
  ) {
    let (n, weight, size) = (r.columns, r.weight, Number(r.columns))
    let (g, gTangent, hatTangent) = (scratch, scratch + n, scratch + 2 * n)
    for row in 0..<r.rows {
      let (u, uTangent) = (cotangents.cotangent + row * n, cotangents.tangent + row * n)
      let (xTangent, hat, scale) = (
        xTangent + row * step, UnsafePointer(r.normalized + row * n), r.scales[row]
      )
      let a = Reductions.sum(xTangent, count: n) / size
      let b = Reductions.dot(hat, xTangent, count: n) / size
      for i in 0..<n { hatTangent[i] = scale * (xTangent[i] - a - hat[i] * b) }
      if let weightGradient {
        for i in 0..<n { weightGradient[i] += uTangent[i] * hat[i] + u[i] * hatTangent[i] }
      }
      if let biasGradient { for i in 0..<n { biasGradient[i] += uTangent[i] } }
      guard let x = x.map({ $0 + row * n }) else { continue }
      for i in 0..<n { g[i] = weight[i] * u[i] }
      for i in 0..<n { gTangent[i] = weight[i] * uTangent[i] + weightTangent[i] * u[i] }
      let m = Reductions.sum(g, count: n) / size
      let k = Reductions.dot(hat, g, count: n) / size
      let mTangent = Reductions.sum(gTangent, count: n) / size
      let kTangent =
        (Reductions.dot(hat, gTangent, count: n) + Reductions.dot(hatTangent, g, count: n)) / size
      let scaleTangent = -scale * scale * b
      if accumulate {
        for i in 0..<n {
          x[i] +=
            scaleTangent * (g[i] - m - hat[i] * k)
            + scale * (gTangent[i] - mTangent - hatTangent[i] * k - hat[i] * kTangent)
        }
      } else {
        for i in 0..<n {
          x[i] =
            scaleTangent * (g[i] - m - hat[i] * k)
            + scale * (gTangent[i] - mTangent - hatTangent[i] * k - hat[i] * kTangent)
        }
      }
    }
  }
}

extension Tape {
  /// Layer normalisation over the last axes of a tensor, those that the weights have; over the last
  /// one without any.
  ///
  /// - Parameters:
  ///   - input: `[…, n]`.
  ///   - weight: γ, of the shape of the last axes; 1 if nil.
  ///   - bias: β, as γ; 0 if nil.
  ///   - epsilon: added to the variance, PyTorch's default.
  public func layerNormalized(
    _ input: Variable<Number>, weight: Variable<Number>? = nil, bias: Variable<Number>? = nil,
    epsilon: Double = 1e-5
  ) -> Variable<Number> {
    let dimensions = tensorDimensions(input, "a layer normalisation")
    let last = (weight ?? bias)?.shape.dimensions ?? Array(dimensions.suffix(1))
    precondition(
      !last.isEmpty && input.count > 0 && Array(dimensions.suffix(last.count)) == last
        && [weight, bias].allSatisfy { $0.map { $0.shape == .tensor(last) } ?? true },
      "a layer normalisation of \(input.shape) with weights "
        + "\(String(describing: weight?.shape)) and \(String(describing: bias?.shape))")
    return record(
      LayerNormalization(
        on: self, input: input, weight: weight, bias: bias, columns: last.reduce(1, *),
        epsilon: epsilon))
  }

  /// Group normalisation without a rectifier, of images or of a tensor `[batch, channels, …]`: every
  /// group of neighbouring channels of an example has its own mean and variance.
  ///
  /// - Parameters:
  ///   - input: the images, or a tensor.
  ///   - weight: γ, `[channels]`.
  ///   - bias: β, `[channels]`.
  ///   - groups: must divide the channels.
  ///   - epsilon: added to the variance.
  public func groupNormalized(
    _ input: Variable<Number>, weight: Variable<Number>, bias: Variable<Number>, groups: Int,
    epsilon: Double = 1e-5
  ) -> Variable<Number> {
    if case .image(_, let channels, _, _) = input.shape, channels % ConvolutionGeometry.block == 0 {
      return normalizedRectified(
        input, weight: weight, bias: bias, groups: groups, epsilon: epsilon, slope: 1)
    }
    guard case .tensor(let dimensions) = input.shape, dimensions.count >= 2, groups > 0,
      dimensions[1] > 0, dimensions[1] % groups == 0, input.count > 0,
      weight.count == dimensions[1], bias.count == dimensions[1]
    else {
      preconditionFailure(
        "a normalisation of \(input.shape) in \(groups) groups with weights \(weight.shape) and "
          + "\(bias.shape)")
    }
    let (batch, channels) = (dimensions[0], dimensions[1])
    let rows = reshaped(input, to: [batch * groups, input.count / (batch * groups)])
    let x = reshaped(
      layerNormalized(rows, epsilon: epsilon),
      to: [batch, channels, input.count / batch / channels]
    )
    let y = sum(
      product(x, reshaped(weight, to: [channels, 1])), reshaped(bias, to: [channels, 1]))
    return reshaped(y, to: dimensions)
  }
}
