import Tensors

/// y = γ x̂ + β with x̂ = (x − μ) r, r = 1/√(σ² + ε), for every channel.
///
/// While training, μ and σ² are the mean and the (biased) variance of the channel over the examples and
/// places of the shard, and derivatives go through them. Where there is no step (validation, test) they
/// are the running statistics, which are constants.
///
/// With means ⟨·⟩ over the channel, a = ⟨ẋ⟩ and b = ⟨x̂ ẋ⟩: x̂̇ = r (ẋ − a − x̂ b), ṙ = −r² b.
/// With g = γ ȳ, m = ⟨g⟩ and k = ⟨x̂ g⟩: x̄ = r (g − m − x̂ k), γ̄ = Σ ȳ x̂, β̄ = Σ ȳ. The tangent of the
/// pullback is the product rule on these: x̄̇ = ṙ (g − m − x̂ k) + r (ġ − ṁ − x̂̇ k − x̂ k̇). With running
/// statistics all of the means are 0.
///
/// S. Ioffe and C. Szegedy, "Batch normalization", arXiv:1502.03167. Over a shard instead of the whole
/// minibatch: "ghost batch normalization", E. Hoffer, I. Hubara, D. Soudry, arXiv:1705.08741.
final class BatchNormalization<Number: Scalar>: Operation {
  let input: Operand<Number>
  let weight: Operand<Number>
  let bias: Operand<Number>
  let result: Variable<Number>
  private let mean: Operand<Number>
  private let variance: Operand<Number>
  private let planes: ChannelPlanes
  private let epsilon: Number
  /// x̂.
  private let normalized: RetainedValues<Number>
  /// r of each channel.
  private let scales: RetainedValues<Number>
  /// μ and σ² n / (n − 1) of each channel, as running statistics take them up.
  let means: RetainedValues<Number>
  let variances: RetainedValues<Number>
  private let draws: ReplayDraws

  init(
    on tape: Tape<Number>, input: Variable<Number>, weight: Variable<Number>,
    bias: Variable<Number>, mean: Variable<Number>, variance: Variable<Number>,
    planes: ChannelPlanes, epsilon: Double
  ) {
    self.input = Operand(input)
    self.weight = Operand(weight)
    self.bias = Operand(bias)
    self.mean = Operand(mean)
    self.variance = Operand(variance)
    self.planes = planes
    self.epsilon = Number(epsilon)
    normalized = RetainedValues(count: input.count)
    scales = RetainedValues(count: planes.channels)
    means = RetainedValues(count: planes.channels)
    variances = RetainedValues(count: planes.channels)
    draws = tape.draws
    result = tape.result(input.shape, of: [self.input, self.weight, self.bias])
  }

  var operands: [Operand<Number>] { [input, weight, bias, mean, variance] }
  var retained: [RetainedValues<Number>] { [normalized, scales, means, variances] }
  var work: OperationWork { OperationWork(kind: .normalization) }

  var needs: PrimalNeeds<Number> {
    let factors = [weight.variable]
    return PrimalNeeds(
      pullback: factors, tangent: factors, pullbackTangent: factors,
      tangentsInPullback: [input.variable] + factors, cotangentInPullbackTangent: true)
  }

  /// Whether the statistics are the shard's own.
  private var isTraining: Bool { draws.step != nil }

  private func loops(_ channel: Int) -> NormalizedChannel<Number> {
    NormalizedChannel(
      planes: planes, channel: channel, normalized: normalized.pointer,
      scale: scales.pointer[channel], weight: weight.variable.value[channel],
      isTraining: isTraining)
  }

  func value() {
    let count = Number(planes.batch * planes.pixels)
    for c in 0..<planes.channels {
      if isTraining {
        let (mu, variance) = BatchNormalizationLoops.statistics(
          planes, c, input.variable.value, centred: normalized.pointer)
        means.pointer[c] = mu
        variances.pointer[c] = variance * count / max(1, count - 1)
        scales.pointer[c] = 1 / (variance + epsilon).squareRoot()
      } else {
        means.pointer[c] = mean.variable.value[c]
        variances.pointer[c] = variance.variable.value[c]
        BatchNormalizationLoops.centre(
          planes, c, input.variable.value, around: mean.variable.value[c], into: normalized.pointer)
        scales.pointer[c] = 1 / (variance.variable.value[c] + epsilon).squareRoot()
      }
      BatchNormalizationLoops.value(
        loops(c), bias: bias.variable.value[c], into: result.value)
    }
  }

  func tangent() {
    for c in 0..<planes.channels {
      BatchNormalizationLoops.tangent(
        loops(c), input.variable.isActive ? input.variable.tangent : nil,
        weightTangent: tangent(weight, c), biasTangent: tangent(bias, c), into: result.tangent)
    }
  }

  func pullback() {
    for c in 0..<planes.channels {
      let sums = BatchNormalizationLoops.pullback(
        loops(c), result.cotangent,
        into: input.variable.isActive ? input.variable.cotangent : nil,
        accumulate: input.accumulates)
      add(sums.weight, to: weight, \.cotangentStorage, c)
      add(sums.bias, to: bias, \.cotangentStorage, c)
    }
  }

  func pullbackTangent() {
    for c in 0..<planes.channels {
      let sums = BatchNormalizationLoops.pullbackTangent(
        loops(c), (UnsafePointer(result.cotangent), UnsafePointer(result.cotangentTangent)),
        input.variable.isActive ? input.variable.tangent : nil, weightTangent: tangent(weight, c),
        into: input.variable.isActive ? input.variable.cotangentTangent : nil,
        accumulate: input.accumulates)
      add(sums.weight, to: weight, \.cotangentTangentStorage, c)
      add(sums.bias, to: bias, \.cotangentTangentStorage, c)
    }
  }

  private func tangent(_ operand: Operand<Number>, _ channel: Int) -> Number {
    operand.variable.isActive ? operand.variable.tangent[channel] : 0
  }

  private func add(
    _ number: Number, to operand: Operand<Number>,
    _ place: KeyPath<Variable<Number>, Placement<Number>>, _ channel: Int
  ) {
    guard operand.variable.isActive else { return }
    let gradient = operand.variable[keyPath: place].pointer + channel
    gradient.pointee = operand.accumulates ? gradient.pointee + number : number
  }
}

/// Where the numbers of a channel are in a row-major tensor `[batch, channels, pixels]`.
struct ChannelPlanes {
  let batch: Int
  let channels: Int
  let pixels: Int
}

/// What the passes of a batch normalisation read of one channel.
private struct NormalizedChannel<Number: Scalar> {
  let planes: ChannelPlanes
  let channel: Int
  let normalized: UnsafeMutablePointer<Number>
  let scale: Number
  let weight: Number
  let isTraining: Bool

  var count: Number { Number(planes.batch * planes.pixels) }
  var starts: StrideTo<Int> {
    stride(
      from: channel * planes.pixels, to: planes.batch * planes.channels * planes.pixels,
      by: planes.channels * planes.pixels)
  }
}

private enum BatchNormalizationLoops {
  /// μ and σ² of a channel; x − μ goes to `centred`.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func statistics<Number: Scalar>(
    _ planes: ChannelPlanes, _ channel: Int, _ x: UnsafePointer<Number>,
    centred: UnsafeMutablePointer<Number>
  ) -> (mean: Number, variance: Number) {
    let (n, count) = (planes.pixels, Number(planes.batch * planes.pixels))
    let place = { (example: Int) in (example * planes.channels + channel) * n }
    var mean: Number = 0
    for example in 0..<planes.batch { mean += Reductions.sum(x + place(example), count: n) }
    mean /= count
    centre(planes, channel, x, around: mean, into: centred)
    var variance: Number = 0
    for example in 0..<planes.batch {
      let start = centred + place(example)
      variance += Reductions.dot(start, start, count: n)
    }
    return (mean, variance / count)
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func centre<Number: Scalar>(
    _ planes: ChannelPlanes, _ channel: Int, _ x: UnsafePointer<Number>, around mean: Number,
    into centred: UnsafeMutablePointer<Number>
  ) {
    for example in 0..<planes.batch {
      let start = (example * planes.channels + channel) * planes.pixels
      for i in start..<start + planes.pixels { centred[i] = x[i] - mean }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func value<Number: Scalar>(
    _ c: NormalizedChannel<Number>, bias: Number, into y: UnsafeMutablePointer<Number>
  ) {
    let (hat, scale, weight) = (c.normalized, c.scale, c.weight)
    for start in c.starts {
      for i in start..<start + c.planes.pixels {
        hat[i] *= scale
        y[i] = weight * hat[i] + bias
      }
    }
  }

  /// a = ⟨ẋ⟩ and b = ⟨x̂ ẋ⟩; 0 with running statistics.
  @inline(__always)
  private static func means<Number: Scalar>(
    _ c: NormalizedChannel<Number>, _ x: UnsafePointer<Number>
  ) -> (Number, Number) {
    guard c.isTraining else { return (0, 0) }
    var (a, b): (Number, Number) = (0, 0)
    for start in c.starts {
      a += Reductions.sum(x + start, count: c.planes.pixels)
      b += Reductions.dot(c.normalized + start, x + start, count: c.planes.pixels)
    }
    return (a / c.count, b / c.count)
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func tangent<Number: Scalar>(
    _ c: NormalizedChannel<Number>, _ x: UnsafePointer<Number>?, weightTangent: Number,
    biasTangent: Number, into y: UnsafeMutablePointer<Number>
  ) {
    let (hat, factor) = (UnsafePointer(c.normalized), c.weight * c.scale)
    guard let x else {
      for start in c.starts {
        for i in start..<start + c.planes.pixels { y[i] = weightTangent * hat[i] + biasTangent }
      }
      return
    }
    let (a, b) = means(c, x)
    for start in c.starts {
      for i in start..<start + c.planes.pixels {
        y[i] = factor * (x[i] - a - hat[i] * b) + weightTangent * hat[i] + biasTangent
      }
    }
  }

  /// - Returns: γ̄ and β̄.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func pullback<Number: Scalar>(
    _ c: NormalizedChannel<Number>, _ u: UnsafePointer<Number>,
    into x: UnsafeMutablePointer<Number>?, accumulate: Bool
  ) -> (weight: Number, bias: Number) {
    let hat = UnsafePointer(c.normalized)
    var (weight, bias): (Number, Number) = (0, 0)
    for start in c.starts {
      weight += Reductions.dot(u + start, hat + start, count: c.planes.pixels)
      bias += Reductions.sum(u + start, count: c.planes.pixels)
    }
    guard let x else { return (weight, bias) }
    let factor = c.weight * c.scale
    let (m, k) = c.isTraining ? (bias / c.count, weight / c.count) : (0, 0)
    for start in c.starts {
      if accumulate {
        for i in start..<start + c.planes.pixels { x[i] += factor * (u[i] - m - hat[i] * k) }
      } else {
        for i in start..<start + c.planes.pixels { x[i] = factor * (u[i] - m - hat[i] * k) }
      }
    }
    return (weight, bias)
  }

  /// - Returns: the tangents of γ̄ and β̄.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func pullbackTangent<Number: Scalar>(
    _ c: NormalizedChannel<Number>,
    _ cotangents: (cotangent: UnsafePointer<Number>, tangent: UnsafePointer<Number>),
    _ xTangent: UnsafePointer<Number>?, weightTangent: Number,
    into x: UnsafeMutablePointer<Number>?, accumulate: Bool
  ) -> (weight: Number, bias: Number) {
    let (u, uTangent, hat) = (cotangents.cotangent, cotangents.tangent, UnsafePointer(c.normalized))
    let (n, scale) = (c.planes.pixels, c.scale)
    let (a, b) = xTangent.map { means(c, $0) } ?? (0, 0)
    // ⟨u⟩, ⟨x̂ u⟩, ⟨u̇⟩, ⟨x̂ u̇⟩ and ⟨x̂̇ u⟩, as sums.
    var (sum, dot, sumTangent, dotTangent, moved): (Number, Number, Number, Number, Number) =
      (0, 0, 0, 0, 0)
    for start in c.starts {
      sum += Reductions.sum(u + start, count: n)
      dot += Reductions.dot(hat + start, u + start, count: n)
      sumTangent += Reductions.sum(uTangent + start, count: n)
      dotTangent += Reductions.dot(hat + start, uTangent + start, count: n)
      if let xTangent { moved += Reductions.dot(xTangent + start, u + start, count: n) }
    }
    // Σ x̂̇ u with x̂̇ = r (ẋ − a − x̂ b).
    moved = scale * (moved - a * sum - b * dot)
    let result = (dotTangent + moved, sumTangent)
    guard let x else { return result }
    let (w, wTangent) = (c.weight, weightTangent)
    let scaleTangent = -scale * scale * b
    var (m, k, mTangent, kTangent): (Number, Number, Number, Number) = (0, 0, 0, 0)
    if c.isTraining {
      (m, k) = (w * sum / c.count, w * dot / c.count)
      mTangent = (w * sumTangent + wTangent * sum) / c.count
      kTangent = (w * (dotTangent + moved) + wTangent * dot) / c.count
    }
    for start in c.starts {
      for i in start..<start + n {
        // With running statistics k = 0, and x̂̇ is not needed.
        let hatTangent = xTangent.map { scale * ($0[i] - a - hat[i] * b) } ?? 0
        let change =
          scaleTangent * (w * u[i] - m - hat[i] * k)
          + scale
          * (w * uTangent[i] + wTangent * u[i] - mTangent - hatTangent * k - hat[i] * kTangent)
        x[i] = accumulate ? x[i] + change : change
      }
    }
    return result
  }
}

extension Tape {
  /// Batch normalisation of a tensor `[batch, channels, …]` over everything but the channels.
  ///
  /// While training (``ReplayDraws/step`` is not nil) with the statistics of the shard, which the tape
  /// then has among its ``measurements``: the mean, and the variance with n − 1 in its denominator, as
  /// PyTorch's running statistics take them up. Otherwise with the running statistics.
  ///
  /// - Parameters:
  ///   - input: the tensor.
  ///   - weight: γ, `[channels]`.
  ///   - bias: β, `[channels]`.
  ///   - runningMean: `[channels]`, a ``statistic(_:offset:)`` or an input.
  ///   - runningVariance: as the mean.
  ///   - epsilon: added to the variance.
  public func batchNormalized(
    _ input: Variable<Number>, weight: Variable<Number>, bias: Variable<Number>,
    runningMean: Variable<Number>, runningVariance: Variable<Number>, epsilon: Double = 1e-5
  ) -> Variable<Number> {
    let dimensions = tensorDimensions(input, "a batch normalisation")
    guard dimensions.count >= 2, input.count > 0,
      [weight, bias, runningMean, runningVariance].allSatisfy({ $0.count == dimensions[1] }),
      !runningMean.isActive, !runningVariance.isActive
    else {
      preconditionFailure(
        "a batch normalisation of \(input.shape) with weights \(weight.shape) and \(bias.shape), "
          + "statistics \(runningMean.shape) and \(runningVariance.shape)")
    }
    let planes = ChannelPlanes(
      batch: dimensions[0], channels: dimensions[1],
      pixels: dimensions.dropFirst(2).reduce(1, *))
    let operation = BatchNormalization(
      on: self, input: input, weight: weight, bias: bias, mean: runningMean,
      variance: runningVariance, planes: planes, epsilon: epsilon)
    let result = record(operation)
    if runningMean.offset != nil, runningVariance.offset != nil {
      measure(runningMean, as: operation.means)
      measure(runningVariance, as: operation.variances)
    }
    return result
  }
}
