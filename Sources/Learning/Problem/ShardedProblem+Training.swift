import Differentiation
import Hypergradients
import MessagePassing
import Tensors

// The gradient of a minibatch and its tangents.
extension ShardedProblem {
  /// The gradient jet of the minibatch of `step`, summed over the data axis.
  public func trainingGradient(
    step: Int, parameters: Jet<Number>, hyperparameters: LossHyperparameters,
    gradient: Jet<Number>
  ) -> Double {
    schedule.fill(minibatch, step: step)
    let tangents = gradient.tangentCount
    let active = hyperparameters.activeCount(of: tangents)
    loss.begin(hyperparameters, tangentCount: tangents)
    if loss.rule != nil {
      labelled?.copyLabels(UnsafeBufferPointer(minibatch), into: loss.examples.labels)
      for (n, index) in minibatch.enumerated() { loss.examples.indices[n] = index }
    }
    if loss.needsTotals { sumUpWeights(step, parameters, tangents: active) }
    let sum = trainingSum(tangentCount: tangents)
    sum.begin()
    for shard in sum.ownedShards {
      differentiate(
        shard, step, parameters, active: active, gradient: gradient, into: sum.slot())
      profile.measure(.sums) { sum.commit() }
    }
    profile.measure(.sums) { sum.finish(into: gradient.storage.elements) }
    if loss.needsExchange(tangents: active) { finish(gradient, active: active) }
    return loss.needsTotals ? loss.totalLoss : Double(gradient.companions[0])
  }

  /// The gradient of one shard and its tangents along those of the parameters.
  private func differentiate(
    _ shard: Int, _ step: Int, _ parameters: Jet<Number>, active: Int, gradient: Jet<Number>,
    into slot: UnsafeMutableBufferPointer<Number>
  ) {
    let range = batch.range(of: shard)
    let shardTape = tapes.tape(count: range.count, passes: active > 0 ? .tangents : .gradients)
    let tape = shardTape.tape
    load(shardTape, range, parameters, step)
    tape.replay()
    loss.take(shardTape.losses.value, range)
    let part = loss.part(shardTape.losses.value, range)
    let primal = SummandVector(slot, 0, layout)
    tape.pullback(seed: loss.gradientSeeds(range), into: primal.start)
    primal.finish([part])
    primal.write(tape.measurements, share: Number(range.count) / Number(batch.count))
    for k in 0..<gradient.tangentCount {
      let vector = SummandVector(slot, 1 + k, layout)
      guard k < active else {
        vector.clear()
        continue
      }
      let changes = tape.tangents(
        along: parameters.storage.pointer + (1 + k) * parameters.stride)
      tape.pullbackTangents(seed: loss.tangentSeeds(k, changes, range), into: vector.start)
      vector.finish()
    }
  }

  private func load(
    _ tape: ShardTape<Number>, _ range: Range<Int>, _ parameters: Jet<Number>, _ step: Int
  ) {
    tape.load(
      examples.training, UnsafeBufferPointer(rebasing: minibatch[range]), step: step,
      parameters: parameters.storage.pointer)
  }

  /// The weights' sum over the whole minibatch and, where tangents need it, Σ w′ ∇ℓ.
  private func sumUpWeights(_ step: Int, _ parameters: Jet<Number>, tangents: Int) {
    let withSlopes = loss.needsSlopeGradient(tangents: tangents)
    let sum = trainingSum(tangentCount: 0)
    if withSlopes { sum.begin() }
    for shard in sum.ownedShards {
      let range = batch.range(of: shard)
      let tape = tapes.tape(count: range.count, passes: withSlopes ? .gradients : .values)
      load(tape, range, parameters, step)
      tape.tape.replay()
      loss.take(tape.losses.value, range)
      guard withSlopes else { continue }
      let vector = SummandVector(sum.slot(), 0, layout)
      tape.tape.pullback(seed: loss.slopeSeeds(range), into: vector.start)
      vector.finish()
      sum.commit()
    }
    if withSlopes {
      let jet = slopeGradient ?? Jet(count: parameterCount, tangentCount: 0)
      slopeGradient = jet
      sum.finish(into: jet.storage.elements)
    }
    exchange(loss.examples.losses)
    loss.weigh(0..<batch.count)
    loss.total()
  }

  /// What is left when the examples of all ranks are known: how the totals move, and φ's adjoints.
  private func finish(_ gradient: Jet<Number>, active: Int) {
    if !loss.needsTotals {
      exchange(loss.examples.losses)
      loss.weigh(0..<batch.count)
      loss.total()
    }
    exchange(loss.changes.pointer, numbers: loss.changeCount)
    for k in 0..<active {
      if let correction = loss.correction(k) {
        subtract(correction.gradient, gradient.storage.pointer, from: gradient, k)
        if let slopes = slopeGradient?.storage.pointer, correction.slopes != 0 {
          subtract(correction.slopes, slopes, from: gradient, k)
        }
      }
      loss.writeAdjoint(k)
    }
  }

  private func subtract(
    _ factor: Double, _ vector: UnsafePointer<Number>, from gradient: Jet<Number>, _ k: Int
  ) {
    guard factor != 0 else { return }
    Elementwise.addScaled(
      vector, by: Number(-factor), to: gradient.storage.pointer + (1 + k) * gradient.stride,
      count: layout.trainedCount)
  }

  /// Fills in the other data groups' part of some numbers for each example, `[B, numbers]`.
  private func exchange(_ values: UnsafeMutablePointer<Double>, numbers: Int = 1) {
    let groups = grid.dataAxis.size
    guard groups > 1 else { return }
    let counts = (0..<groups).map { group in
      numbers * batch.range(of: balancedRange(of: shardCount, parts: groups, index: group)).count
    }
    grid.dataAxis.allgatherVariable(
      UnsafeMutableBufferPointer(start: values, count: numbers * batch.count), counts: counts)
  }

  /// Forgets the losses met.
  public func beginWindow() { loss.beginWindow() }

  /// How hypergradients along hats of the loss become those of its weights.
  public func lossColumnMap(hyperparameters: [Double]) -> LossColumnMap? {
    guard let rule = loss.rule, rule.basis != nil else { return nil }
    var met = loss.met
    met.counts.withUnsafeMutableBufferPointer { grid.dataAxis.allreduce($0, .sum) }
    return rule.columnMap(met, hyperparameters: hyperparameters)
  }
}
