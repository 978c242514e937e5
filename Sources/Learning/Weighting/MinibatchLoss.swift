import Hypergradients
import Tensors

/// The loss of a minibatch as a function of its examples' losses: their mean, or a weighted one.
///
/// It hands out the seeds of the tapes' pullbacks and, where examples of other shards matter, says
/// what is to be exchanged between the ranks. All of its memory is made at the start.
final class MinibatchLoss<Number: Scalar> {
  /// The rule; nil for the plain mean.
  let rule: WeightedLoss?
  /// ℓ, w and so on of all examples, those of other ranks also once they were exchanged.
  let examples: WeightedExamples
  /// ℓ̇ of all examples along every tangent, `[B, K]`: what a rank has of it lies together.
  private(set) var changes = Buffer<Double>(count: 0)
  /// K of the present step.
  private(set) var changeCount = 0
  /// The losses met since the window's beginning, of this rank's shards; kept where columns need it.
  private(set) var met = LossHistogram()
  private var hyperparameters = LossHyperparameters([], .columns([]))
  private var totals: WeightedLoss.Totals
  private let seeds: Buffer<Number>
  private let scratch: Buffer<Double>
  private let changesAlong: Buffer<Double>
  private var changeCapacity = 0

  init(_ rule: WeightedLoss?, batch: Int) {
    self.rule = rule
    examples = WeightedExamples(
      count: batch, internalCount: rule?.weighting.internalCount ?? 0)
    seeds = Buffer(count: batch)
    scratch = Buffer(count: 2 * batch)
    changesAlong = Buffer(count: batch)
    totals = WeightedLoss.Totals(divisor: Double(batch), center: 0, loss: 0)
  }

  /// Forgets the losses met.
  func beginWindow() { met = LossHistogram() }

  /// Starts a step with `tangentCount` tangents.
  func begin(_ hyperparameters: LossHyperparameters, tangentCount: Int) {
    self.hyperparameters = hyperparameters
    changeCount = tangentCount
    guard rule != nil, changeCapacity < tangentCount else { return }
    changes = Buffer(count: tangentCount * examples.count)
    changeCapacity = tangentCount
  }

  /// Whether the weights' sum must be known before the first pullback.
  var needsTotals: Bool { rule?.reduction == .normalised }

  /// Whether Σ w′ ∇ℓ is needed beside the gradient, for tangents.
  func needsSlopeGradient(tangents: Int) -> Bool {
    guard let rule, rule.reduction == .normalised, tangents > 0 else { return false }
    return rule.input == .attached || hyperparameters.adjoints != nil
  }

  /// Whether ℓ and ℓ̇ of all examples are needed after the passes.
  func needsExchange(tangents: Int) -> Bool {
    guard rule != nil, tangents > 0 else { return false }
    return needsTotals || hyperparameters.adjoints != nil
  }

  /// Takes the losses of some examples and weighs them.
  func take(_ losses: UnsafePointer<Number>, _ range: Range<Int>) {
    for (i, n) in range.enumerated() { examples.losses[n] = Double(losses[i]) }
    if rule?.basis != nil { for n in range { met.add(examples.losses[n]) } }
    weigh(range)
  }

  /// Weighs examples whose losses are known.
  func weigh(_ range: Range<Int>) {
    rule?.weighting.weigh(examples, range, hyperparameters: hyperparameters.values)
  }

  /// Sums up the weights; all examples are weighed.
  func total() {
    if let rule { totals = rule.totals(examples) }
  }

  /// L, where it is known from the totals.
  var totalLoss: Double { totals.loss }

  /// c for some examples.
  func gradientSeeds(_ range: Range<Int>) -> UnsafePointer<Number> {
    let result = seeds.pointer
    guard let rule else {
      let each = 1 / Number(examples.count)
      for i in 0..<range.count { result[i] = each }
      return UnsafePointer(result)
    }
    for (i, n) in range.enumerated() { result[i] = Number(rule.coefficient(examples, n, totals)) }
    return UnsafePointer(result)
  }

  /// w′ for some examples.
  func slopeSeeds(_ range: Range<Int>) -> UnsafePointer<Number> {
    for (i, n) in range.enumerated() { seeds.pointer[i] = Number(examples.slopes[n]) }
    return UnsafePointer(seeds.pointer)
  }

  /// ċ for some examples from their ℓ̇ along tangent k, which is remembered.
  func tangentSeeds(
    _ k: Int, _ tangents: UnsafePointer<Number>, _ range: Range<Int>
  ) -> UnsafePointer<Number> {
    let result = seeds.pointer
    guard let rule else {
      result.update(repeating: 0, count: range.count)
      return UnsafePointer(result)
    }
    let along = changes.pointer + k
    let column = hyperparameters.column(k)
    for (i, n) in range.enumerated() {
      let change = Double(tangents[i])
      along[n * changeCount] = change
      result[i] = Number(
        rule.coefficientTangent(
          examples, n, totals, change: change, hyperparameter: column,
          hyperparameters: hyperparameters.values))
    }
    return UnsafePointer(result)
  }

  /// A shard's part of the minibatch's loss, from its examples' losses.
  func part(_ losses: UnsafePointer<Number>, _ range: Range<Int>) -> Number {
    guard rule != nil else {
      return 1 / Number(examples.count) * RowSums.total(losses, count: range.count)
    }
    var sum = 0.0
    for n in range { sum += examples.weights[n] * examples.losses[n] }
    return Number(sum / totals.divisor)
  }

  /// How tangent k of the gradient is to be corrected for the totals' own tangents.
  func correction(_ k: Int) -> WeightedLoss.Correction? {
    guard let rule, needsTotals else { return nil }
    let row = changes(along: k)
    guard hyperparameters.adjoints == nil else {
      return rule.transposedCorrection(examples, totals, changes: row)
    }
    return rule.correction(
      examples, totals, changes: row, hyperparameter: hyperparameters.column(k),
      hyperparameters: hyperparameters.values)
  }

  /// Writes row k of (∂g/∂φ)ᵀ b.
  func writeAdjoint(_ k: Int) {
    guard let rule, let adjoints = hyperparameters.adjoints else { return }
    rule.adjoint(
      examples, totals, changes: changes(along: k),
      hyperparameters: hyperparameters.values, scratch: scratch.pointer,
      into: adjoints.pointer + k * rule.weighting.hyperparameterCount)
  }

  /// ℓ̇ of all examples along tangent k, `[B]`, until the next call.
  private func changes(along k: Int) -> UnsafePointer<Double> {
    let along = changes.pointer + k
    for n in 0..<examples.count { changesAlong.pointer[n] = along[n * changeCount] }
    return UnsafePointer(changesAlong.pointer)
  }
}
